import { join, resolve } from "node:path";
import { isAbsent, readSmallText, whyUnreadable } from "../../disk/limitedRead";
import { RevganError } from "../../protocol/errors";
import { parseRun, type Run } from "../../protocol/run";
import { writeFileAtomic } from "./atomic";

/**
 * Reads `run.json` of an existing run.
 * @throws RevganError `run`, naming the folder, if it is no run or a damaged one
 */
export async function readRun(run: string): Promise<Run> {
  const file = join(resolve(run), "run.json");
  return parseRun(parseJson(await readText(file, resolve(run)), file), file);
}

/**
 * Replaces `run.json` as a whole; `updatedAt` is for the caller to set.
 * @throws RevganError `disk`
 */
export async function writeRun(run: string, content: Run): Promise<void> {
  await writeFileAtomic(join(resolve(run), "run.json"), `${JSON.stringify(content, null, 2)}\n`, { run });
}

async function readText(file: string, run: string): Promise<string> {
  try {
    return await readSmallText(file);
  } catch (error) {
    const message = isAbsent(error) ? `${run} is no run: it has no run.json` : `${file} ${whyUnreadable(error)}`;
    throw new RevganError("run", message, "name the folder of a run, usually in .revgan/runs", { cause: error });
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RevganError(
      "run",
      `${file} is damaged: it is not JSON`,
      "use another run, or restore the file from a copy",
      { cause: error },
    );
  }
}
