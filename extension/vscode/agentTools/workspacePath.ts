import { realpath } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { RevganError } from "../../protocol/errors";

/**
 * The path of a file or folder that an agent names, absolute or relative to a workspace folder.
 *
 * @param folders the workspace's folders
 * @returns the path with symbolic links resolved; if nothing exists there yet, the links in its existing part are resolved
 * @throws RevganError `input` if the path is outside of the workspace, also by a link
 */
export async function workspacePath(named: string, folders: readonly string[]): Promise<string> {
  for (const folder of folders) {
    const path = await withoutLinks(isAbsolute(named) ? named : join(folder, named));
    const root = await withoutLinks(folder);
    const inside = relative(root, path);
    if (inside !== ".." && !/^\.\.[/\\]/.test(inside) && !isAbsolute(inside)) return path;
  }
  throw new RevganError(
    "input",
    `${named} is not in the workspace`,
    folders.length === 0 ? "open a folder first" : `name a path in ${folders.join(" or ")}`,
  );
}

async function withoutLinks(path: string): Promise<string> {
  const whole = resolve(path);
  const real = await realpath(whole).catch(() => null);
  if (real !== null) return real;
  const above = dirname(whole);
  return above === whole ? whole : join(await withoutLinks(above), relative(above, whole));
}
