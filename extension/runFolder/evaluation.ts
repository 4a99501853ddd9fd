import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { RevganError } from "../protocol/errors";
import {
  directions,
  type EvaluatedSplit,
  evaluatedSplits,
  type EvaluationLine,
  parseLine,
  type TranslationDirection,
} from "../protocol/lines";
import { longestLine } from "../protocol/pipes";
import { readIfThere, whyUnreadable } from "../files/limitedRead";
import { pathIn } from "./paths";

/** The path of an evaluation's files without their endings `.json` and `.png`. */
export function evaluationPath(folder: string, split: string, direction: TranslationDirection): string {
  return join(folder, evaluationName(split, direction));
}

function evaluationName(split: string, direction: TranslationDirection): string {
  return `${split}-${direction}`;
}

/** Matches the file names of contact sheets, which show the worst cases of an evaluation. */
export const sheetPattern = new RegExp(`^(?:${evaluatedSplits.join("|")})-(?:${directions.join("|")})\\.png$`);

/** The files of one evaluation, in one direction. */
export interface EvaluationFiles {
  readonly split: EvaluatedSplit;
  readonly direction: TranslationDirection;
  /** When the file of metrics was written, in milliseconds since 1970. */
  readonly writtenAt: number;
  /** The contact sheet's name, and when it was written; null where there is none. */
  readonly sheet: { readonly name: string; readonly writtenAt: number } | null;
}

/** The evaluations in a run's folder, those of the test split first. Only names and times of the files are read. */
export async function listEvaluations(run: string): Promise<EvaluationFiles[]> {
  const folder = pathIn(run, "evaluation");
  const names = new Set(await readdir(folder).catch(() => []));
  const writtenAt = async (name: string): Promise<number | null> =>
    names.has(name)
      ? stat(join(folder, name)).then(
          ({ mtimeMs }) => mtimeMs,
          () => null,
        )
      : null;
  const found: EvaluationFiles[] = [];
  for (const split of evaluatedSplits)
    for (const direction of directions) {
      const name = evaluationName(split, direction);
      const [figures, sheet] = [await writtenAt(`${name}.json`), await writtenAt(`${name}.png`)];
      if (figures !== null)
        found.push({
          split,
          direction,
          writtenAt: figures,
          sheet: sheet === null ? null : { name: `${name}.png`, writtenAt: sheet },
        });
    }
  return found;
}

/** A run's evaluations on the test split, one for each direction that was evaluated. @throws RevganError `run` for a damaged one */
export async function readEvaluations(run: string): Promise<EvaluationLine[]> {
  const lines = await Promise.all(directions.map((direction) => readEvaluation(run, "test", direction)));
  return lines.filter((line) => line !== null);
}

/** One evaluation of a run; null where there is none. @throws RevganError `run` for a damaged one */
export async function readEvaluation(
  run: string,
  split: EvaluatedSplit,
  direction: TranslationDirection,
): Promise<EvaluationLine | null> {
  const file = `${evaluationPath(pathIn(run, "evaluation"), split, direction)}.json`;
  const fault = (why: string, cause?: unknown): RevganError =>
    new RevganError("run", `${file} ${why}`, "evaluate the run again, or delete the file", { cause });
  const text = await readIfThere(file, longestLine).catch((error: unknown) => {
    throw fault(whyUnreadable(error), error);
  });
  if (text === undefined) return null;
  let line;
  try {
    line = parseLine(text);
  } catch (error) {
    throw fault(`is damaged: ${error instanceof Error ? error.message : String(error)}`, error);
  }
  if (line.type !== "evaluation" || line.direction !== direction)
    throw fault(`is damaged: it holds no evaluation from ${direction.replace("to", " to ")}`);
  return line;
}
