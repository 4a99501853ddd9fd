import { parse, printParseErrorCode, type ParseError } from "jsonc-parser";
import { RevganError } from "../protocol/errors";

/**
 * Parses JSON that may have comments and trailing commas, as VS Code's own settings files may.
 *
 * @param file name of the file, for messages
 * @throws RevganError `config` for an empty text or a syntax error, whose line and column (from 1) the message gives
 */
export function parseJsonWithComments(text: string, file: string): unknown {
  // Removes the byte order mark with which some Windows editors begin a file.
  const json = text.startsWith("\uFEFF") ? text.slice(1) : text;
  if (json.trim() === "")
    throw new RevganError("config", `${file} is empty`, "write {} into it, or another one with RevGAN: New Run…");
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
