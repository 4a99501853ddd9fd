import { parseArgs, type ParseArgsConfig } from "node:util";
import { RevganError } from "../../protocol/errors";

/** The options of a command, as `node:util` parses them. */
export type OptionPlan = NonNullable<ParseArgsConfig["options"]>;

/** Options that every command has. */
export const commonOptions = {
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
  verbose: { type: "boolean" },
  json: { type: "boolean" },
} as const satisfies OptionPlan;

/** The parsed words of a command line. Words after `--` are positionals. */
export interface GivenArguments {
  readonly positionals: readonly string[];
  flag(name: string): boolean;
  value(name: string): string | undefined;
  values(name: string): readonly string[];
}

/** @throws RevganError `usage` naming the wrong option */
export function parseArguments(command: string, args: readonly string[], options: OptionPlan): GivenArguments {
  const all = { ...options, ...commonOptions };
  try {
    const { values: parsed, positionals } = parseArgs({
      args: [...args],
      options: all,
      allowPositionals: true,
      strict: true,
    });
    const values: Readonly<Record<string, unknown>> = parsed;
    // An empty value comes from an unset variable in a script; as a path it would mean the current folder.
    const empty = Object.keys(values).find((name) => [values[name]].flat().includes(""));
    if (empty !== undefined) throw needsValue(`--${empty}`, command);
    return {
      positionals,
      flag: (name) => values[name] === true,
      value: (name) => values[name] as string | undefined,
      values: (name) => (values[name] ?? []) as string[],
    };
  } catch (error) {
    if (error instanceof RevganError) throw error;
    const message = error instanceof Error ? error.message.split(/\.\s/)[0]! : String(error);
    const [, option] = /^Option '(?:-\w, )?(--[\w-]+).*argument (?:is ambiguous|missing)/.exec(message) ?? [];
    if (option !== undefined) throw needsValue(option, command);
    throw new RevganError("usage", message, `see \`revgan ${command} --help\``);
  }
}

function needsValue(option: string, command: string): RevganError {
  return new RevganError(
    "usage",
    `${option} needs a value`,
    `write ${option} VALUE, or ${option}=VALUE for one that begins with a dash; see \`revgan ${command} --help\``,
  );
}

/** @throws RevganError `usage` unless there is exactly one positional argument */
export function onePositional(given: GivenArguments, command: string, what: string): string {
  const [first, ...rest] = given.positionals;
  if (first === undefined)
    throw new RevganError("usage", `${command} needs ${what}`, `see \`revgan ${command} --help\``);
  rejectPositionals(rest, command);
  return first;
}

/** @throws RevganError `usage` when `rest` is not empty */
export function rejectPositionals(rest: readonly string[], command: string): void {
  if (rest.length > 0)
    throw new RevganError(
      "usage",
      `${command} does not know what to do with ${rest.join(" ")}`,
      `see \`revgan ${command} --help\``,
    );
}

/**
 * The value of an option for a whole number; undefined where it is not given. @throws RevganError `usage` for other texts and numbers below
 * `least`
 */
export function wholeNumber(given: GivenArguments, command: string, name: string, least: number): number | undefined {
  const what = `a whole number of at least ${least}`;
  const text = matching(given, command, name, /^\d{1,6}$/, what);
  if (text === undefined || Number(text) >= least) return text === undefined ? undefined : Number(text);
  throw wrongValue(command, name, what, text);
}

/**
 * The text of an option, which must match `pattern`; undefined where it is not given. @throws RevganError `usage` where it does not match
 */
export function matching(
  given: GivenArguments,
  command: string,
  name: string,
  pattern: RegExp,
  what: string,
): string | undefined {
  const text = given.value(name);
  if (text === undefined || pattern.test(text)) return text;
  throw wrongValue(command, name, what, text);
}

function wrongValue(command: string, name: string, what: string, text: string): RevganError {
  return new RevganError("usage", `--${name} must be ${what}, not ${text}`, `see \`revgan ${command} --help\``);
}
