import { existsSync } from "node:fs";
import { join } from "node:path";

/** The path of a file of dist/: beside the running bundle where that is in dist/, else (when run from source) in the checkout's dist/. */
export function bundlePath(name: string): string {
  const beside = join(import.meta.dirname, name);
  return existsSync(beside) ? beside : join(import.meta.dirname, "..", "..", "dist", name);
}
