import { readFile, stat } from "node:fs/promises";
import { parseJsonWithComments } from "../../protocol/configText";
import { RevganError } from "../../protocol/errors";

const largestFile = 1024 * 1024;

/**
 * Reads JSON that may have comments and trailing commas, as VS Code's own settings.
 * @throws RevganError `config` for a file that is not there, too large or not JSON, with line and column from 1
 */
export async function readJsonWithComments(file: string): Promise<unknown> {
  return parseJsonWithComments(await readText(file), file);
}

async function readText(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > largestFile) throw new RevganError("config", `${file} is no configuration: it has ${size} bytes`, "name a revgan.json");
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof RevganError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const message = code === "ENOENT" ? `there is no configuration ${file}` : `the configuration ${file} cannot be read (${code ?? String(error)})`;
    throw new RevganError("config", message, "name a revgan.json with --config FILE", { cause: error });
  }
}
