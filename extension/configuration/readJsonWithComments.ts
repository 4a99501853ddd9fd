import { parseJsonWithComments } from "./jsonWithComments";
import { RevganError } from "../protocol/errors";
import { isAbsent, readSmallText, whyUnreadable } from "../files/limitedRead";

/**
 * Reads JSON that may have comments and trailing commas, as VS Code's own settings.
 * @throws RevganError `config` for a file that is not there, too large or not JSON, with line and column from 1
 */
export async function readJsonWithComments(file: string): Promise<unknown> {
  return parseJsonWithComments(await readText(file), file);
}

async function readText(file: string): Promise<string> {
  try {
    return await readSmallText(file);
  } catch (error) {
    const message = isAbsent(error)
      ? `there is no configuration ${file}`
      : `the configuration ${file} ${whyUnreadable(error)}`;
    throw new RevganError("config", message, "name a revgan.json with --config FILE", { cause: error });
  }
}
