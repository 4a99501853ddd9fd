import type { HostTensor } from "../../kernels/tensor";
import { isLegacyFile, openLegacyFile } from "./legacyFile";
import { refusalOf, shownName, type Refusal } from "./refusal";
import { readTensors, UnreadTensor } from "./tensors";
import { isZipFile, openZipFile } from "./zipFile";

/** Whether a file begins as one of PyTorch's two formats does. */
export function isTorchFile(bytes: Buffer): boolean {
  return isZipFile(bytes) || isLegacyFile(bytes);
}

/**
 * The tensors of a state dict that `torch.save` wrote, in either of its formats, as float32. Where a checkpoint has the state dict under
 * `state_dict` or `model`, beside other things, that one is taken. Nothing in the file is executed: see `readPickle`.
 *
 * @param file the file's name in error messages
 * @throws RevganError `checkpoint` for anything but tensors, and for an incomplete or damaged file
 */
export async function decodeTorchFile(bytes: Buffer, file: string): Promise<Map<string, HostTensor>> {
  const refusal = refusalOf(file);
  const { value, bytesOf } = isZipFile(bytes) ? await openZipFile(bytes, refusal) : openLegacyFile(bytes, refusal);
  return readTensors(stateDictOf(value, refusal), bytesOf, refusal);
}

/** Keys under which checkpoints have their state dict. */
const wrappers = ["state_dict", "model"];

function stateDictOf(value: unknown, refusal: Refusal): ReadonlyMap<string, UnreadTensor> {
  if (!(value instanceof Map)) return refusal.foreign("holds no state dict");
  const [wrapped, ...more] = wrappers.filter((key) => value.get(key) instanceof Map);
  if (more.length > 0) return refusal.foreign("has a state dict under state_dict and under model");
  const dict = wrapped === undefined ? value : (value.get(wrapped) as ReadonlyMap<unknown, unknown>);
  for (const [name, tensor] of dict) {
    if (typeof name !== "string") return refusal.foreign("has a tensor whose name is no text");
    if (!(tensor instanceof UnreadTensor))
      return refusal.foreign(`has something else than a tensor under ${shownName(name)}`);
  }
  return dict as ReadonlyMap<string, UnreadTensor>;
}
