import { RevganError } from "../../protocol/errors";
import { readLimited, whyUnreadable } from "../../files/limitedRead";
import type { NamedTensors } from "../interop/pytorch";
import { decodeSafetensors, maxFileBytes } from "../interop/safetensors";

/** Reads a file of weights that the user names. @throws RevganError `input` or `checkpoint` naming it */
export async function readWeightsFile(file: string): Promise<{ tensors: NamedTensors; file: string }> {
  let bytes: Buffer;
  try {
    bytes = await readLimited(file, maxFileBytes);
  } catch (error) {
    throw new RevganError("input", `${file} ${whyUnreadable(error)}`, "name a safetensors file");
  }
  return { tensors: decodeSafetensors(bytes, file), file };
}
