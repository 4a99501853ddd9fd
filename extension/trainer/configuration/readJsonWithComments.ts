import { readFile, stat } from "node:fs/promises";
import { parse, printParseErrorCode, type ParseError } from "jsonc-parser";
import { RevganError } from "../../protocol/errors";

const largestFile = 1024 * 1024;

/**
 * Reads JSON that may have comments and trailing commas, as VS Code's own settings.
 * @throws RevganError `config` for a file that is not there, too large or not JSON, with line and column from 1
 */
export async function readJsonWithComments(file: string): Promise<unknown> {
  return parseJsonWithComments(await readText(file), file);
}

/** @param file named in messages */
export function parseJsonWithComments(text: string, file: string): unknown {
  // Some editors of Windows begin a file with a byte order mark.
  const json = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const errors: ParseError[] = [];
  const value: unknown = parse(json, errors, { allowTrailingComma: true });
  const first = errors[0];
  if (first === undefined) return value;
  const before = json.slice(0, first.offset).split(/\r\n|\r|\n/);
  const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
  throw new RevganError("config", `${file}: ${inWords(first)} at ${place}`, "correct the file there");
}

/** "CommaExpected" → "comma expected". */
function inWords(error: ParseError): string {
  return printParseErrorCode(error.error)
    .replace(/(?<=[a-z])(?=[A-Z])/g, " ")
    .toLowerCase();
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
