import { join } from "node:path";
import { RevganError } from "../protocol/errors";
import { type TranslationDirection, directions, type EvaluationLine, parseLine } from "../protocol/lines";
import { longestLine } from "../protocol/pipes";
import { readIfThere, whyUnreadable } from "../files/limitedRead";
import { pathIn } from "./paths";

/** The path of an evaluation's files without their endings. */
export function evaluationPath(folder: string, split: string, direction: TranslationDirection): string {
  return join(folder, `${split}-${direction}`);
}

/** A run's evaluations on the test split, one for each direction that was evaluated. @throws RevganError `run` for a damaged one */
export async function readEvaluations(run: string): Promise<EvaluationLine[]> {
  const lines = await Promise.all(directions.map((direction) => readEvaluation(run, direction)));
  return lines.filter((line) => line !== null);
}

async function readEvaluation(run: string, direction: TranslationDirection): Promise<EvaluationLine | null> {
  const file = `${evaluationPath(pathIn(run, "evaluation"), "test", direction)}.json`;
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
