import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { RevganError } from "../../protocol/errors";
import { volumeEndingOf, volumeEndings } from "../../imageFormats";
import { type TranslationDirection, directions } from "../../protocol/lines";
import { endingOf, type FileKind, stemOf, withArticle } from "../data/dataset/fileKind";

/** A file to translate and the file for the result, as absolute paths. */
export interface PlannedTranslation {
  readonly input: string;
  readonly output: string;
}

/** Endings of earlier results, which are not translated when their folder is translated again. */
const resultEndings = directions.flatMap((direction) =>
  [".png", ...volumeEndings].map((ending) => `.${direction}${ending}`.toLowerCase()),
);

/**
 * Finds the pictures or volumes and names their results: `STEM.AtoB.png` beside the input or in `out`, where folders keep their subfolders;
 * `NAME.EXT.AtoB.png` where two inputs would share a name. Volumes keep their ending, `.nii` or `.nii.gz`.
 *
 * @throws RevganError `input` for a path that does not exist, a folder without pictures, an `out` that is not a folder, or two pictures
 * whose results would have the same name
 */
export async function planTranslations(
  paths: readonly string[],
  direction: TranslationDirection,
  out: string | null,
  kind: FileKind,
): Promise<PlannedTranslation[]> {
  if (out !== null) await requireFolderOrNothing(out);
  const found: { input: string; folder: string }[] = [];
  for (const path of paths) {
    const root = resolve(path);
    if (!(await isFolderOrThrow(root, path, kind))) {
      found.push({ input: root, folder: out === null ? dirname(root) : resolve(out) });
      continue;
    }
    const pictures = await filesIn(root, kind);
    if (pictures.length === 0)
      throw new RevganError("input", `${path} holds no ${kind.noun}s`, `name a folder with ${kind.formats} files`);
    for (const input of pictures)
      found.push({ input, folder: out === null ? dirname(input) : join(resolve(out), relative(root, dirname(input))) });
  }
  const inputs = [...new Map(found.map((each) => [each.input, each])).values()];
  const ending = (input: string): string => (kind.sideBySide ? ".png" : (volumeEndingOf(input) ?? ".nii.gz"));
  const short = ({ input, folder }: { input: string; folder: string }): string =>
    join(folder, `${stemOf(input, kind)}.${direction}${ending(input)}`);
  const uses = new Map<string, number>();
  for (const each of inputs) uses.set(short(each), (uses.get(short(each)) ?? 0) + 1);
  const plan = inputs.map((each) => ({
    input: each.input,
    output:
      uses.get(short(each)) === 1
        ? short(each)
        : join(each.folder, `${basename(each.input)}.${direction}${ending(each.input)}`),
  }));
  requireDistinct(plan);
  return plan;
}

/** Throws where two pictures would have the same result, such as pictures of one name from different folders in `out`. */
function requireDistinct(plan: readonly PlannedTranslation[]): void {
  const inputs = new Map<string, string>();
  for (const { input, output } of plan) {
    const other = inputs.get(output);
    if (other !== undefined)
      throw new RevganError(
        "input",
        `${other} and ${input} would both become ${output}`,
        "translate them one after the other with an --out of their own",
      );
    inputs.set(output, input);
  }
}

async function requireFolderOrNothing(out: string): Promise<void> {
  const found = await stat(out).catch(() => null);
  if (found !== null && !found.isDirectory())
    throw new RevganError(
      "input",
      `${out} is not a folder`,
      "name a folder for the results; it is made if it is not there",
    );
}

async function isFolderOrThrow(path: string, given: string, { noun }: FileKind): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    throw new RevganError("input", `${given} is not there`, `name ${withArticle(noun)} or a folder of ${noun}s`);
  }
}

/** All files of a kind below a folder, in the order of their names, without hidden files and folders and without earlier results. */
async function filesIn(folder: string, kind: FileKind): Promise<string[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => !name.startsWith("."));
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await filesIn(path, kind)));
    else if (endingOf(entry.name, kind) !== null && !isResult(entry.name)) found.push(path);
  }
  return found;
}

function isResult(name: string): boolean {
  const lower = name.toLowerCase();
  return resultEndings.some((ending) => lower.endsWith(ending));
}
