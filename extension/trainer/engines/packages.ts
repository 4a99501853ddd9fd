import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Loads packages relative to this file. The product is bundled as CommonJS, where this file's path is `__filename`. */
export const requireFromHere = createRequire(__filename);

/** The folder of an installed npm package, or null. */
export function packageFolder(name: string): string | null {
  try {
    return dirname(requireFromHere.resolve(`${name}/package.json`));
  } catch {
    return null;
  }
}

/** The binding that tfjs-node's own install script leaves, where that script ran and its download worked; else null. */
export function tfjsNodeOwnBinding(): string | null {
  const folder = packageFolder("@tensorflow/tfjs-node-gpu");
  if (folder === null) return null;
  const binding = join(folder, "lib", "napi-v8", "tfjs_binding.node");
  return existsSync(binding) ? binding : null;
}
