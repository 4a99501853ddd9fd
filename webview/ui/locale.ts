/** The user's language, for numbers and times; undefined leaves it to the browser. */
export function locale(): string | undefined {
  return document.documentElement.lang === "" ? undefined : document.documentElement.lang;
}
