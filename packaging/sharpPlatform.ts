import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { RevganError } from "../extension/protocol/errors";
import { runProcess } from "../extension/processes/runProcess";
import type { Target } from "./targets";

type Lockfile = {
  packages: Record<
    string,
    { version: string; integrity?: string; optionalDependencies?: Record<string, string> } | undefined
  >;
};

/**
 * Copies sharp's native package for a target and the package of its libvips. If npm installed them for this machine they come from
 * node_modules, else from the registry, checked against the lockfile.
 * @param folder the node_modules folder into which the packages are copied
 * @returns the names of the packages
 * @throws RevganError `download`
 */
export async function copySharpPlatform(
  root: string,
  target: Target,
  folder: string,
  scratch: string,
): Promise<string[]> {
  const lock = JSON.parse(await readFile(join(root, "package-lock.json"), "utf8")) as Lockfile;
  const name = `@img/sharp-${target.name}`;
  // On Windows the native package contains libvips, so no second package is listed.
  const packages = [name, ...Object.keys(lock.packages[`node_modules/${name}`]?.optionalDependencies ?? {})];
  for (const each of packages) {
    const installed = join(root, "node_modules", each);
    if (existsSync(installed)) await cp(installed, join(folder, each), { recursive: true });
    else await fetchPackage(each, lock, join(folder, each), scratch);
  }
  return packages;
}

async function fetchPackage(name: string, lock: Lockfile, folder: string, scratch: string): Promise<void> {
  const locked = lock.packages[`node_modules/${name}`];
  if (locked?.integrity === undefined)
    throw new RevganError("download", `${name} is not in package-lock.json`, "run `npm install`");
  const again = `check the network, or package on a ${name.replace(/^.*?-/, "")} machine`;
  const npm = process.env["npm_execpath"];
  const [command, ...first] = npm === undefined ? ["npm"] : [process.execPath, npm];
  const end = await runProcess(
    command,
    [...first, "pack", `${name}@${locked.version}`, "--pack-destination", scratch, "--silent"],
    { timeoutMs: 5 * 60_000 },
  );
  if (end.code !== 0)
    throw new RevganError("download", `npm cannot fetch ${name}: ${end.stderr.trim().split("\n")[0] ?? ""}`, again);
  const archive = join(scratch, end.stdout.trim().split("\n").at(-1)!);
  const found = `sha512-${createHash("sha512")
    .update(await readFile(archive))
    .digest("base64")}`;
  if (found !== locked.integrity)
    throw new RevganError("download", `${name} from the registry is not what package-lock.json names`, again);
  await mkdir(folder, { recursive: true });
  const unpacked = await runProcess("tar", ["-xzf", archive, "--strip-components=1", "-C", folder], {
    timeoutMs: 60_000,
  });
  if (unpacked.code !== 0)
    throw new RevganError("download", `tar cannot unpack ${name}: ${unpacked.stderr.trim()}`, again);
  await rm(archive);
}
