let strings: Readonly<Record<string, string>> = {};

/** Sets the translations, which come with the host's snapshot. */
export function setStrings(translated: Readonly<Record<string, string>>): void {
  strings = translated;
}

/** Translates a text; the English one is the key. `{0}`, `{1}`… are replaced by the values. */
export function t(text: string, ...values: readonly (string | number)[]): string {
  return (strings[text] ?? text).replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)] ?? ""));
}

/** The page's translator for functions that host and page share, which take it as an argument. */
export const l10n = { t };

/** The locale for numbers and times: the page's language, undefined for the browser's default, or English in unit tests. */
export function locale(): string | undefined {
  if (typeof document === "undefined") return "en";
  return document.documentElement.lang === "" ? undefined : document.documentElement.lang;
}
