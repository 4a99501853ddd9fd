import { mkdir, readdir, writeFile } from "node:fs/promises";
import { basename, join, parse, resolve } from "node:path";
import { RevganError } from "../protocol/errors";
import { explainingDiskErrors } from "../files/diskErrors";
import { revganFolder, runsFolder } from "./paths";

export interface NewRunFolder {
  /** `--run`: a new or empty folder, relative to `cwd`. */
  readonly run?: string | undefined;
  /** The data folder, or the folders of the two domains. The default name of the run folder begins with their names. */
  readonly dataFolders: readonly string[];
  /** The folder to which `run` is relative; the process's working folder by default. */
  readonly cwd?: string;
  /** The time for the default name; the present by default. */
  readonly now?: Date;
}

/**
 * Creates the folder of a new run, by default `.revgan/runs/DATAFOLDER-YYYYMMDD-HHMMSS` (UTC).
 * @returns its absolute path
 * @throws RevganError `run` if the folder given by `run` is not empty; `disk`
 */
export async function createRunFolder({
  run,
  dataFolders,
  cwd = process.cwd(),
  now = new Date(),
}: NewRunFolder): Promise<string> {
  return run === undefined
    ? createByName(resolve(runsFolder(cwd)), defaultRunName(dataFolders, now))
    : useNamed(resolve(cwd, run));
}

/**
 * The default name of a run: `DATAFOLDER-YYYYMMDD-HHMMSS`, or `FOLDERA-FOLDERB-YYYYMMDD-HHMMSS` for two folders, with letters, digits, `.`,
 * `_` and `-` only.
 */
export function defaultRunName(dataFolders: readonly string[], now: Date): string {
  const name = dataFolders
    .map((folder) => basename(resolve(folder)))
    .join("-")
    .replace(/[^\p{L}\p{N}._-]+/gu, "-")
    .replace(/^[.-]+/, "")
    // Windows treats these names as devices, whatever extension follows.
    .replace(/^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i, "$1_")
    .slice(0, 80);
  const [date = "", time = ""] = now.toISOString().replace(/[-:]/g, "").split(/[T.]/);
  return `${name || "run"}-${date}-${time}`;
}

/** Creates a folder of this name, with a number appended if a run of the same name (started in the same second) exists. */
async function createByName(parent: string, name: string): Promise<string> {
  await explainingDiskErrors(parent, undefined, () => mkdir(parent, { recursive: true }));
  await ignoreByGit(parent);
  for (let number = 1; ; number++) {
    const folder = join(parent, number === 1 ? name : `${name}-${number}`);
    if (await explainingDiskErrors(folder, undefined, () => mkdirNew(folder))) return folder;
  }
}

/** @throws RevganError `run` unless nothing exists at this path, or an empty folder does */
export async function requireNewFolder(folder: string): Promise<void> {
  if (!(await isNewFolder(folder))) {
    throw new RevganError(
      "run",
      `${folder} is not empty`,
      "name a new or empty folder with --run, or go on with `revgan resume`",
    );
  }
}

/**
 * Whether nothing exists at this path, or an empty folder does.
 * @throws RevganError `run` for a file, or a folder that cannot be read
 */
export async function isNewFolder(folder: string): Promise<boolean> {
  const names = await namesIn(folder);
  return names === undefined || names.length === 0;
}

async function useNamed(folder: string): Promise<string> {
  await requireNewFolder(folder);
  await explainingDiskErrors(folder, undefined, () => mkdir(folder, { recursive: true }));
  await ignoreByGit(folder);
  return folder;
}

/** @returns the names in the folder; undefined if it does not exist */
async function namesIn(folder: string): Promise<string[] | undefined> {
  try {
    return await readdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    const why = code === "ENOTDIR" ? "is not a folder" : `cannot be read (${code ?? String(error)})`;
    throw new RevganError("run", `${folder} ${why}`, "name a new or empty folder with --run", { cause: error });
  }
}

/** @returns false if the folder exists already */
async function mkdirNew(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Runs are large and reproducible, so the `.revgan` folder gets a `.gitignore` that ignores all of it. */
async function ignoreByGit(inside: string): Promise<void> {
  for (let folder = inside; folder !== parse(folder).root; folder = resolve(folder, "..")) {
    if (basename(folder) !== revganFolder) continue;
    const file = join(folder, ".gitignore");
    await explainingDiskErrors(file, undefined, async () => {
      try {
        await writeFile(file, "*\n", { flag: "wx" });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
    });
    return;
  }
}
