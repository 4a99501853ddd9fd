/**
 * Untrusted text as one line of Markdown: characters that would be markup, a link or HTML are escaped, line breaks and control characters
 * become spaces.
 */
export function plain(text: string): string {
  return text
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]+/g, " ")
    .replace(/[\\`*_{}[\]<>#!|~&:@]/g, (character) => `\\${character}`)
    .trim();
}

/** A block of code, unchanged. Its fence is longer than any row of backticks in it, so that the text cannot end the block. */
export function fenced(text: string, language = ""): string {
  const longest = Math.max(0, ...Array.from(text.matchAll(/`+/g), ([ticks]) => ticks.length));
  const fence = "`".repeat(Math.max(3, longest + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}

/** A table in Markdown. @param cells already Markdown of one line */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
