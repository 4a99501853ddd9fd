import { readFile } from "node:fs/promises";
import { RevganError } from "../../protocol/errors";
import type { NamedTensors } from "../interop/pytorch";
import { decodeSafetensors } from "../interop/safetensors";

/** Reads a file of weights that the user names. @throws RevganError `input` or `checkpoint` naming it */
export async function readWeightsFile(file: string): Promise<{ tensors: NamedTensors; file: string }> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw new RevganError("input", `${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`, "name a safetensors file");
  }
  return { tensors: decodeSafetensors(bytes, file), file };
}
