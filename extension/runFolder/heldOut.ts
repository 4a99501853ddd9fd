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
 * `split.json`: names of the files that `data.split` held out, so that a resumed training and an evaluation use the same ones. Where the
 * files of A and B are pairs, those of A tell the pair and `b` is empty; null where the data have that part of their own, or none was
 * asked for.
 */
export type HeldOut = Omit<z.infer<typeof heldOutSchema>, "format">;

/** Bytes; a million names take less. */
const largestFileBytes = 2 ** 28;

const damaged: DamageError = { code: "run", remedy: "restore the file from a copy, or start a new run" };

/**
 * @returns null where a run holds nothing out
 * @throws RevganError `run` naming a damaged file
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

/** @throws RevganError `disk` */
export async function writeHeldOut(run: string, { val, test }: HeldOut): Promise<void> {
  await writeFileAtomic(pathIn(run, "heldOut"), `${JSON.stringify({ format: 1, val, test })}\n`, { run });
}
