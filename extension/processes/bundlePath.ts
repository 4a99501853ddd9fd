import { existsSync } from "node:fs";
import { join } from "node:path";

/** The path of what the build puts into dist/: in the product it lies beside the running bundle, from source in the checkout's dist/. */
export function bundlePath(name: string): string {
  const beside = join(import.meta.dirname, name);
  return existsSync(beside) ? beside : join(import.meta.dirname, "..", "..", "dist", name);
}
