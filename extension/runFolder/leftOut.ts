import { appendFile } from "node:fs/promises";
import * as z from "zod/mini";
import { explainingDiskErrors } from "../files/diskErrors";
import { isAbsent, readSmallText, whyUnreadable } from "../files/limitedRead";
import { RevganError } from "../protocol/errors";
import { pathIn } from "./paths";

const text = z.string().check(z.minLength(1), z.maxLength(40_000));
const leftOutSchema = z.object({ file: text, reason: text, remedy: text });

/** A file of the data that a training left out, by its absolute path, and why. */
export type LeftOutFile = z.infer<typeof leftOutSchema>;

/** Bytes; hundreds of thousands of files take less. */
const largestFileBytes = 2 ** 28;

/** The files that a run has left out: a line a file in `left-out.jsonl`. Torn lines are passed over. @throws RevganError `run` */
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
      return [leftOutSchema.parse(JSON.parse(line))];
    } catch {
      return [];
    }
  });
}

/** @throws RevganError `disk` */
export async function appendLeftOut(run: string, { file, reason, remedy }: LeftOutFile): Promise<void> {
  const path = pathIn(run, "leftOut");
  await explainingDiskErrors(path, run, () => appendFile(path, `${JSON.stringify({ file, reason, remedy })}\n`));
}
