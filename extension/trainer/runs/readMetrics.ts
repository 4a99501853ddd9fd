import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { RevganError } from "../../protocol/errors";
import { type Line, parseLine, type ValidationLine } from "../../protocol/lines";
import { StepColumns } from "../../protocol/stepColumns";

/**
 * What `metrics.jsonl` of a run tells, also while another process trains it: a last line that is being written is left out.
 * Nothing for a run that took no step.
 *
 * @throws RevganError `run`, naming the line that is none
 */
export async function readMetrics(run: string): Promise<{ readonly steps: StepColumns; readonly validations: readonly ValidationLine[] }> {
  const [steps, validations]: [StepColumns, ValidationLine[]] = [new StepColumns(), []];
  const file = join(run, "metrics.jsonl");
  const text = (await readIfThere(file)) ?? "";
  for (const [i, each] of text.split("\n").slice(0, -1).entries()) {
    const line = lineOf(each, () => `line ${i + 1} of ${file}`);
    if (line.type === "step") steps.append(line);
    else if (line.type === "validation") validations.push(line);
  }
  return { steps, validations };
}

/** A file's text; null when it is not there. @throws RevganError `run` when it cannot be read */
export async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return null;
    throw new RevganError("run", `${file} cannot be read (${code ?? String(error)})`, "restore it from a copy, or name another run", { cause: error });
  }
}

function lineOf(text: string, place: () => string): Line {
  try {
    return parseLine(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new RevganError("run", `${place()} is damaged: ${why}`, "restore the file from a copy, or delete the line", { cause: error });
  }
}
