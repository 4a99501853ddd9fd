import { appendFile } from "node:fs/promises";
import * as z from "zod/mini";
import { explainingDiskErrors } from "../files/diskErrors";
import { isAbsent, readSmallText, whyUnreadable } from "../files/limitedRead";
import { RevganError } from "../protocol/errors";
import { pathIn } from "./paths";

const text = z.string().check(z.minLength(1), z.maxLength(40_000));
const leftOutFileSchema = z.object({ file: text, reason: text, remedy: text });

/** A data file that a training left out because it cannot be used: its absolute path, the reason, and what the user can do. */
export type LeftOutFile = z.infer<typeof leftOutFileSchema>;

/** The most bytes of the file that are read; hundreds of thousands of lines take less. */
const largestFileBytes = 2 ** 28;

/**
 * The data files that a run has left out, from `left-out.jsonl`. Incomplete lines are skipped. @throws RevganError `run` when the file
 * cannot be read
 */
export async function readLeftOut(run: string): Promise<LeftOutFile[]> {
  const file = pathIn(run, "leftOut");
  let content: string;
  try {
    content = await readSmallText(file, largestFileBytes);
  } catch (cause) {
    if (isAbsent(cause)) return [];
    throw new RevganError("run", `${file} ${whyUnreadable(cause)}`, "restore the file, or start a new run", { cause });
  }
  return content.split("\n").flatMap((line) => {
    try {
      return [leftOutFileSchema.parse(JSON.parse(line))];
    } catch {
      return [];
    }
  });
}

/** Appends a line to `left-out.jsonl`. @throws RevganError `disk` */
export async function appendLeftOut(run: string, { file, reason, remedy }: LeftOutFile): Promise<void> {
  const path = pathIn(run, "leftOut");
  await explainingDiskErrors(path, run, () => appendFile(path, `${JSON.stringify({ file, reason, remedy })}\n`));
}
