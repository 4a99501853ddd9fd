/**
 * The text of a configuration file: one key per line, at the top level and inside sections, with a comment above some keys. A value inside
 * a section is written in one line, also where it is an object.
 *
 * @param heading comment in the file's first line
 * @param commentOf the comment of a key, by its dotted path; undefined for none
 */
export function commentedJson(
  config: Readonly<Record<string, unknown>>,
  heading: string,
  commentOf: (key: string) => string | undefined,
): string {
  return `// ${heading}\n${objectText(config, "", commentOf)}\n`;
}

function objectText(
  value: Readonly<Record<string, unknown>>,
  section: string,
  commentOf: (key: string) => string | undefined,
): string {
  const indent = section === "" ? "  " : "    ";
  const lines = Object.entries(value).map(([name, given]) => {
    const key = section === "" ? name : `${section}.${name}`;
    const comment = commentOf(key);
    const text = section === "" && isObject(given) ? objectText(given, name, commentOf) : inOneLine(given);
    return `${comment === undefined ? "" : `${indent}// ${comment}\n`}${indent}${JSON.stringify(name)}: ${text}`;
  });
  return lines.length === 0 ? "{}" : `{\n${lines.join(",\n")}\n${indent.slice(2)}}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A value as JSON in one line: `{ "val": 0.1, "test": 0.1 }`. Every line break in the output of JSON.stringify is formatting, since those
 * inside strings are escaped.
 */
function inOneLine(value: unknown): string {
  return JSON.stringify(value, null, 1)
    .replace(/\[\n\s*/g, "[")
    .replace(/\n\s*\]/g, "]")
    .replace(/\n\s*/g, " ");
}
