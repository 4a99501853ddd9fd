import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

const types: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  ttf: "font/ttf",
};

/** A file of the webview's bundle. @param name without any path in it. @returns undefined if there is none */
export async function readAsset(name: string): Promise<{ readonly type: string; readonly body: Buffer } | undefined> {
  const type = types[name.slice(name.lastIndexOf(".") + 1)];
  const body = type === undefined ? undefined : await readFile(join(bundleFolder(), name)).catch(() => undefined);
  return type === undefined || body === undefined ? undefined : { type, body };
}

/** In the product the bundle lies beside this program; from source, in dist/, where the build puts it. */
function bundleFolder(): string {
  const beside = join(import.meta.dirname, "webview");
  return existsSync(beside) ? beside : join(import.meta.dirname, "..", "..", "dist", "webview");
}
