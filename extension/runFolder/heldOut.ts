import * as z from "zod/mini";
import { writeFileAtomic } from "../files/atomic";
import { isAbsent, readSmallText, whyUnreadable } from "../files/limitedRead";
import { RevganError } from "../protocol/errors";
import { pathIn } from "./paths";
import { type DamageError, parseJson, requireValid } from "./schemas";

const namesSchema = z.array(z.string().check(z.minLength(1), z.maxLength(1000)));
const partSchema = z.nullable(z.object({ a: namesSchema, b: namesSchema }));

const heldOutSchema = z.object({ format: z.literal(1), val: partSchema, test: partSchema });

/**
 * The content of `split.json`: the names of the files that `data.split` held out for validation and test, so that a resumed training and an
 * evaluation use the same files. In paired data `a` names the pairs and `b` is empty. A part is null where the data set has its own folder
 * for it, or `data.split` holds out none.
 */
export type HeldOut = Omit<z.infer<typeof heldOutSchema>, "format">;

/** The most bytes of the file that are read; a million names take less. */
const largestFileBytes = 2 ** 28;

const damaged: DamageError = { code: "run", remedy: "restore the file from a copy, or start a new run" };

/**
 * Reads `split.json`.
 *
 * @returns null where the run has held out no files
 * @throws RevganError `run` for a damaged file
 */
export async function readHeldOut(run: string): Promise<HeldOut | null> {
  const file = pathIn(run, "heldOut");
  let text: string;
  try {
    text = await readSmallText(file, largestFileBytes);
  } catch (cause) {
    if (isAbsent(cause)) return null;
    throw new RevganError("run", `${file} ${whyUnreadable(cause)}`, damaged.remedy, { cause });
  }
  return requireValid(heldOutSchema, parseJson(text, file, damaged), file, damaged);
}

/** Writes `split.json`. @throws RevganError `disk` */
export async function writeHeldOut(run: string, { val, test }: HeldOut): Promise<void> {
  await writeFileAtomic(pathIn(run, "heldOut"), `${JSON.stringify({ format: 1, val, test })}\n`, { run });
}
