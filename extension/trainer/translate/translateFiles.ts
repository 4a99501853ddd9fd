import { access } from "node:fs/promises";
import { RevganError } from "../../protocol/errors";
import type { TranslatedLine } from "../../protocol/lines";
import type { DecoderClient } from "../data/decoder/decoderClient";
import type { Picture } from "../data/picture";
import type { Volume } from "../volumes/volume";
import { type FileSettings, readWhole, writeTranslated } from "./translatedFile";
import type { PlannedTranslation } from "./translationPlan";
import type { Translator } from "./translator";

/** The settings and callbacks of {@link translateFiles}. */
export interface TranslationJob {
  readonly translator: Translator;
  readonly decoder: DecoderClient;
  readonly files: FileSettings;
  readonly overwrite: boolean;
  readonly signal: AbortSignal;
  /** Called after each file. */
  readonly done: (line: TranslatedLine) => void;
  /** Called for a file that could not be translated; the others are still translated. */
  readonly failed: (error: RevganError) => void;
}

/**
 * Translates files one after the other, reading the next one while one is translated. Results keep the size, the bits and the alpha of
 * their inputs; volumes keep their header, and are on the network's grid.
 *
 * @throws RevganError `interrupted` when the signal is aborted; errors that do not concern a single file
 */
export async function translateFiles(plan: readonly PlannedTranslation[], job: TranslationJob): Promise<void> {
  let next = plan.length > 0 ? readOrError(plan[0]!, job) : null;
  for (const [i, planned] of plan.entries()) {
    throwIfStopped(job.signal, i, plan.length);
    const reading = next!;
    next = i + 1 < plan.length ? readOrError(plan[i + 1]!, job) : null;
    try {
      const picture = await reading;
      if (picture instanceof Error) throw picture;
      const { direction } = job.files;
      const translated = await job.translator.translate(picture, direction, () => yieldToEventLoop(job.signal));
      await writeTranslated(job.decoder, picture, translated, planned.output, job.overwrite, job.files);
      job.done({ type: "translated", ...planned, direction });
    } catch (error) {
      throwIfStopped(job.signal, i, plan.length);
      if (!(error instanceof RevganError) || error.code !== "input") throw error;
      job.failed(error);
    }
  }
}

/** Returns an error instead of throwing it, so that it is reported when it is this file's turn. */
async function readOrError(
  { input, output }: PlannedTranslation,
  { decoder, files, overwrite }: TranslationJob,
): Promise<Picture | Volume | Error> {
  try {
    if (!overwrite && (await exists(output)))
      throw new RevganError(
        "input",
        `${output} exists already and is kept`,
        "add --overwrite to replace it, or --out to write elsewhere",
      );
    return await readWhole(decoder, input, files);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

/** @throws RevganError `interrupted` when the signal is aborted */
function throwIfStopped(signal: AbortSignal, done: number, all: number): void {
  if (signal.aborted)
    throw new RevganError(
      "interrupted",
      `stopped after ${done} of ${all} files`,
      "run the command again to translate the others",
    );
}

/** Lets pending events and messages be handled. @throws the signal's reason when it is aborted */
export async function yieldToEventLoop(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal.throwIfAborted();
}
