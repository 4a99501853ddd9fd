import { constants, existsSync, readdirSync } from "node:fs";
import { copyFile, cp, mkdir, stat } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { RevganError } from "../../../protocol/errors";
import { phaseReporter, type OnProgress } from "./progress";
import { asInstallDiskError, interrupted } from "./installErrors";
import { isNeededHeader, libraryNames, mayHoldHeaders, type LibraryNames } from "./wheelContents";

/** A TensorFlow that the user has unpacked. */
export interface TensorflowFolder {
  libraryFolder: string;
  includeFolder: string;
  libraries: LibraryNames;
}

/**
 * Finds TensorFlow in a folder: an unpacked wheel, a `site-packages`, a virtual environment, the `tensorflow` package itself, the
 * unpacked archive of the C API (`lib/`, `include/`), or the libraries beside an `include`.
 * @throws RevganError `input`
 */
export function findTensorflow(folder: string, platform: NodeJS.Platform = process.platform): TensorflowFolder {
  for (const libraryFolder of candidateFolders(folder)) {
    const libraries = libraryNames(platform).find(
      ({ api, framework }) => existsSync(join(libraryFolder, api)) && existsSync(join(libraryFolder, framework)),
    );
    if (!libraries) continue;
    const includes = [join(libraryFolder, "include"), join(dirname(libraryFolder), "include")];
    const includeFolder = includes.find((include) => existsSync(join(include, "tensorflow", "c", "eager", "c_api.h")));
    if (includeFolder !== undefined) return { libraryFolder, includeFolder, libraries };
    throw new RevganError(
      "input",
      `${libraryFolder} has TensorFlow's libraries but not its headers`,
      `add its include folder as ${includes[0]!}`,
    );
  }
  const { api, framework } = libraryNames(platform)[0]!;
  throw new RevganError(
    "input",
    `no TensorFlow in ${folder}: neither ${api} with ${framework} nor a tensorflow folder with them`,
    "name a TensorFlow wheel, a site-packages folder that has TensorFlow, or a folder with these libraries and include/",
  );
}

function candidateFolders(folder: string): string[] {
  const environments = existsSync(join(folder, "lib"))
    ? readdirSync(join(folder, "lib")).filter((name) => name.startsWith("python"))
    : [];
  const packages = environments.map((python) => join(folder, "lib", python, "site-packages", "tensorflow"));
  return [join(folder, "tensorflow"), folder, join(folder, "lib"), ...packages];
}

/**
 * Copies the two libraries and the needed headers into an engine's folder, so that the engine outlives the folder they came from.
 * Where the file system can share blocks, the copy costs no room.
 * @throws RevganError `disk`, `interrupted`
 */
export async function copyTensorflow(
  from: TensorflowFolder,
  folder: string,
  options: { signal?: AbortSignal | undefined; onProgress?: OnProgress | undefined },
): Promise<void> {
  const files = [from.libraries.api, from.libraries.framework].map((name) => join(from.libraryFolder, name));
  const report = phaseReporter("unpack", await totalSize(files), options.onProgress);
  let done = 0;
  try {
    await mkdir(join(folder, "lib"), { recursive: true });
    for (const file of files) {
      if (options.signal?.aborted === true) throw interrupted();
      await copyFile(file, join(folder, "lib", basename(file)), constants.COPYFILE_FICLONE);
      report((done += (await stat(file)).size));
    }
    await cp(from.includeFolder, join(folder, "include"), {
      recursive: true,
      dereference: true,
      filter: (path) => isHeaderOrAbove(relative(from.includeFolder, path)),
    });
  } catch (error) {
    throw asInstallDiskError(error, folder);
  }
}

/** Total bytes of files; links are followed. */
export async function totalSize(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

function isHeaderOrAbove(path: string): boolean {
  const name = path.split(sep).join("/");
  return name === "" || isNeededHeader(name) || mayHoldHeaders(name);
}
