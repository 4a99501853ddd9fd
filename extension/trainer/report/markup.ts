/** Text that is HTML or SVG already, unlike text that must still be escaped. */
export class Markup {
  constructor(readonly text: string) {}
}

/**
 * What may be inserted into a template: markup unchanged, text and numbers escaped, the items of lists one after the other, nothing for
 * null.
 */
export type Content = Markup | string | number | null | readonly Content[];

/**
 * Markup from a template. Inserted texts are escaped for use in elements and between the quotes of attributes, because names of runs and
 * files are not trusted.
 */
export function markup(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(parts.map((part, i) => (i === 0 ? part : `${written(contents[i - 1]!)}${part}`)).join(""));
}

function written(content: Content): string {
  if (content === null) return "";
  if (content instanceof Markup) return content.text;
  return typeof content === "object" ? content.map(written).join("") : escaped(String(content));
}

/** Escaped text, without control characters and those that would change the direction of the text around them. */
function escaped(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "")
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
