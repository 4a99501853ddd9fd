import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { licenceOf, packageOf } from "./runtimeModules";

/** The part of esbuild's metafile that is used here: which inputs went into which bundle. */
export interface Metafile {
  inputs: Record<string, { bytes: number }>;
  outputs: Record<
    string,
    {
      bytes: number;
      entryPoint?: string;
      imports: { path: string; external?: boolean }[];
      inputs: Record<string, { bytesInOutput: number }>;
    }
  >;
}

/** The folders, below node_modules, of the packages that have code in a bundle. A name may occur in several folders, as other versions. */
export function bundledPackages(metafile: Metafile): string[] {
  const folder = "node_modules/";
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.keys(output.inputs));
  const below = inputs
    .filter((path) => path.includes(folder))
    .map((path) => {
      const [outer, inner] = [path.indexOf(folder), path.lastIndexOf(folder)].map((at) => at + folder.length);
      return path.slice(outer, inner) + packageOf(path.slice(inner));
    });
  return [...new Set(below)].sort();
}

/**
 * The licences of the third-party software in the package, as one text.
 * @param folders of the packages
 * @param apache the text of the Apache licence, which packages under it often leave out
 */
export async function thirdPartyNotices(folders: readonly string[], apache: string): Promise<string> {
  const parts = await Promise.all(
    folders.map(async (folder) => {
      const { name, version, licence, text } = await licenceOf(folder);
      const own = text === "" && licence === "Apache-2.0" ? apache : text;
      return `${name} ${version} (${licence})\n\n${own === "" ? await readFile(join(folder, "README.md"), "utf8") : own}\n`;
    }),
  );
  const rule = `\n${"-".repeat(80)}\n\n`;
  return `RevGAN contains the following software, under the licences below it.\n${rule}${parts.join(rule)}`;
}
