/** HTML or SVG, as against text that is still to be escaped. */
export class Markup {
  constructor(readonly text: string) {}
}

/** What may stand in a template: markup as it is, text and numbers escaped, lists one after the other, null for nothing. */
export type Content = Markup | string | number | null | readonly Content[];

/**
 * Markup from a template. Whatever is put into it is escaped, in an element or between the quotes of an attribute: names of runs and files come
 * from anybody.
 */
export function markup(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(parts.map((part, i) => (i === 0 ? part : `${written(contents[i - 1]!)}${part}`)).join(""));
}

function written(content: Content): string {
  if (content === null) return "";
  if (content instanceof Markup) return content.text;
  return typeof content === "object" ? content.map(written).join("") : escaped(String(content));
}

/** Drops control characters, and those that would turn the direction of the text around them. */
function escaped(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "")
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
