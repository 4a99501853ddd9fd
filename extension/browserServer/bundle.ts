import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { bundlePath } from "../processes/bundlePath";

const types: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  ttf: "font/ttf",
};

/** A file of the webview's bundle. @param name without any path in it. @returns undefined if there is none */
export async function readAsset(name: string): Promise<{ readonly type: string; readonly body: Buffer } | undefined> {
  const type = types[name.slice(name.lastIndexOf(".") + 1)];
  const body =
    type === undefined ? undefined : await readFile(join(bundlePath("webview"), name)).catch(() => undefined);
  return type === undefined || body === undefined ? undefined : { type, body };
}
