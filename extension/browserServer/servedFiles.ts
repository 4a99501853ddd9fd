import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open, readFile, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { bundlePath } from "../processes/bundlePath";

const mediaTypes: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  ttf: "font/ttf",
};

/** A file with its media type. */
export interface ServedFile {
  readonly type: string;
  readonly body: Buffer;
}

/** Reads a file of the webview bundle. @param name file name without folders. @returns undefined if there is no such file */
export async function readBundleFile(name: string): Promise<ServedFile | undefined> {
  const type = mediaTypes[name.slice(name.lastIndexOf(".") + 1)];
  const body =
    type === undefined ? undefined : await readFile(join(bundlePath("webview"), name)).catch(() => undefined);
  return type === undefined || body === undefined ? undefined : { type, body };
}

/** The most bytes of a picture that is sent. */
const largestPicture = 256 * 1024 * 1024;

/**
 * The identifier of a run in URLs. It is a hash of the folder's path, which itself may contain any character and would reveal where the
 * user keeps the run.
 */
export function runKey(folder: string): string {
  return createHash("sha256").update(folder).digest("hex").slice(0, 32);
}

/**
 * Reads a picture of a run.
 *
 * @param picture path of the file
 * @returns undefined if there is no such file, and for a symbolic link that leads out of the run folder
 */
export async function readPicture(run: string, picture: string): Promise<ServedFile | undefined> {
  const path = await realpath(picture).catch(() => undefined);
  if (path === undefined || !path.startsWith((await realpath(run)) + sep)) return undefined;
  // Opened without blocking, because opening a named pipe would wait for a writer for ever.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const info = await file.stat();
    return info.isFile() && info.size <= largestPicture
      ? { type: "image/png", body: await file.readFile() }
      : undefined;
  } finally {
    await file.close();
  }
}
