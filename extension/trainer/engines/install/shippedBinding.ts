import { existsSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { RevganError } from "../../../protocol/errors";
import { damageOf, sumsFile } from "../../../files/checksums";
import { libraryNames, type LibraryNames } from "./wheelContents";

/** The folder beside the bundles into which `npm run package` puts the compiled bindings; a checkout does not have it. */
export const shippedBindings = join(import.meta.dirname, "bindings");

/**
 * The folder with the compiled binding for this machine, or null. A binding is linked with the library names of TensorFlow's wheels, so for
 * a TensorFlow with other names one must be compiled.
 * @param bindings `shippedBindings`, or a test's folder
 */
export function shippedBindingFor(libraries: LibraryNames, bindings: string): string | null {
  const { api, framework } = libraryNames(process.platform)[0]!;
  if (libraries.api !== api || libraries.framework !== framework) return null;
  const folder = join(bindings, `${process.platform}-${process.arch}`);
  return existsSync(join(folder, sumsFile)) ? folder : null;
}

/** The folder with the compiled addon for MPI's standard ABI, or null. */
export function shippedMpiAddon(bindings: string): string | null {
  const folder = join(bindings, `${process.platform}-${process.arch}-mpi`);
  return existsSync(join(folder, sumsFile)) ? folder : null;
}

/** The folder with the compiled addon that opens wgpu-native, or null. */
export function shippedWebGpuAddon(bindings: string): string | null {
  const folder = join(bindings, `${process.platform}-${process.arch}-webgpu`);
  return existsSync(join(folder, sumsFile)) ? folder : null;
}

/**
 * Copies a compiled binding and the files that belong to it into an engine's folder, and checks the copies' SHA-256 against the list that
 * came with them.
 * @throws RevganError `engine` when a file is missing or changed
 */
export async function copyShippedBinding(shipped: string, folder: string): Promise<void> {
  await cp(shipped, folder, { recursive: true });
  const damage = await damageOf(folder);
  if (damage !== undefined)
    throw new RevganError("engine", `the compiled binding in ${shipped} is damaged: ${damage}`, "install RevGAN again");
}
