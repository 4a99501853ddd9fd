import { difference, factsOf, styleFaults } from "./rules";

/** Texts by their keys. */
export type Texts = Readonly<Record<string, string>>;

/** An English word and the Chinese ones of which a translation has to have one. */
export interface Term {
  readonly english: RegExp;
  readonly chinese: readonly string[];
}

/** The lines of the English texts that have no translation, as they are pasted into the Chinese file. */
export function missingLines(english: Texts, chinese: Texts): string[] {
  return Object.keys(english)
    .filter((key) => !Object.hasOwn(chinese, key))
    .map((key) => `  ${JSON.stringify(key)}: ${JSON.stringify(english[key])},`);
}

/** What is wrong with the translations that are there. @param kept words that they keep, beside those of all texts */
export function translationFaults(
  english: Texts,
  chinese: Texts,
  terms: readonly Term[],
  kept: readonly string[] = [],
): string[] {
  return Object.entries(chinese).flatMap(([key, text]) => {
    const source = english[key];
    // The manifest names the schema in the language.
    if (source?.startsWith("./") === true) return [];
    const faults =
      source === undefined
        ? ["the English text is gone"]
        : [...faultsOf(source, text, terms), ...styleFaults(text, kept)];
    return faults.map((fault) => `${JSON.stringify(key)}: ${fault}`);
  });
}

function faultsOf(source: string, text: string, terms: readonly Term[]): string[] {
  const [wanted, got] = [factsOf(source), factsOf(text)];
  return [
    ...difference(wanted, got).map((fact) => `${fact} is missing`),
    ...difference(got, wanted).map((fact) => `${fact} is too many`),
    ...terms
      .filter(({ english }) => english.test(withoutKeys(source)) && !english.test(withoutKeys(text)))
      .filter((term) => !term.chinese.some((word) => text.includes(word)))
      .map((term) => `the glossary says ${term.chinese.join(" or ")} for ${term.english.source}`),
  ];
}

/** Keys of `revgan.json` and of the settings have words of the glossary in them, which are not translated. */
function withoutKeys(text: string): string {
  return text.replace(/\b(revgan|network|training|data)\.[\w.]+/g, "");
}

/** The Chinese texts in the order of the English ones, without those that are gone. */
export function sortedTexts(english: Texts, chinese: Texts): string {
  const kept = Object.keys(english).filter((key) => Object.hasOwn(chinese, key));
  return `${JSON.stringify(Object.fromEntries(kept.map((key) => [key, chinese[key]])), null, 2)}\n`;
}
