import { join } from "node:path";
import { isAbsent, readSmallText, whyUnreadable } from "../../disk/limitedRead";
import { RevganError } from "../../protocol/errors";
import { type Line, longestLine, parseLine, type ValidationLine } from "../../protocol/lines";
import { StepColumns } from "../../protocol/stepColumns";
import { fileLines } from "./fileLines";

/**
 * What `metrics.jsonl` of a run tells, also while another process trains it: a last line that is being written is left out.
 * Nothing for a run that took no step.
 *
 * @throws RevganError `run`, naming the line that is none
 */
export async function readMetrics(
  run: string,
): Promise<{ readonly steps: StepColumns; readonly validations: readonly ValidationLine[] }> {
  const [steps, validations]: [StepColumns, ValidationLine[]] = [new StepColumns(), []];
  const file = join(run, "metrics.jsonl");
  let number = 0;
  try {
    for await (const { text } of fileLines(file)) {
      number += 1;
      if (text === null) continue;
      const line = lineOf(text, () => `line ${number} of ${file}`);
      if (line.type === "step") steps.append(line);
      else if (line.type === "validation") validations.push(line);
    }
  } catch (error) {
    if (error instanceof RevganError) throw error;
    requireAbsent(error, file);
  }
  return { steps, validations };
}

/** A file's text; null when it is not there. @throws RevganError `run` when it cannot be read */
export async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readSmallText(file, longestLine);
  } catch (error) {
    requireAbsent(error, file);
    return null;
  }
}

/** @throws RevganError `run` unless reading a file failed because there is none */
function requireAbsent(error: unknown, file: string): void {
  if (!isAbsent(error))
    throw new RevganError("run", `${file} ${whyUnreadable(error)}`, "restore it from a copy, or name another run", {
      cause: error,
    });
}

function lineOf(text: string, place: () => string): Line {
  try {
    return parseLine(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new RevganError("run", `${place()} is damaged: ${why}`, "restore the file from a copy, or delete the line", {
      cause: error,
    });
  }
}
