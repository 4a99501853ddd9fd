let strings: Readonly<Record<string, string>> = {};

/** Takes the interface's words in the user's language, from the host's snapshot. */
export function useStrings(translated: Readonly<Record<string, string>>): void {
  strings = translated;
}

/** A text in the user's language. The English one is its key; `{0}`, `{1}`… take the values. */
export function t(text: string, ...values: readonly (string | number)[]): string {
  return (strings[text] ?? text).replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)] ?? ""));
}
