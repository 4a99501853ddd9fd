import { existsSync } from "node:fs";
import { join } from "node:path";

/** What is compiled beside tfjs-node's binding, in the engine's folder, from native/. tfjs-node's own binding has none of it. */
export const addons = { operations: "operations.node", quietStderr: "quietStderr.node" } as const;

/** The path of an addon in an engine's folder; null where it was not compiled. */
export function addonIn(folder: string, name: keyof typeof addons): string | null {
  const path = join(folder, addons[name]);
  return existsSync(path) ? path : null;
}

/** The C++ source of an addon. In the product native/ lies beside this bundle; from source, beside this folder. */
export function addonSource(name: keyof typeof addons): string {
  const beside = join(import.meta.dirname, "native");
  return join(existsSync(beside) ? beside : join(import.meta.dirname, "..", "native"), `${name}.cc`);
}
