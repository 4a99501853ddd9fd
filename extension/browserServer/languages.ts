import { readFileSync } from "node:fs";
import { bundlePath } from "../processes/bundlePath";

/** The language of a page, with its texts. */
export interface PageLanguage {
  /** The language as a BCP 47 tag, such as `zh-cn`. */
  readonly tag: string;
  /** Translations of the interface's texts, by the English text; empty for English. */
  readonly strings: Readonly<Record<string, string>>;
}

const english: PageLanguage = { tag: "en", strings: {} };

/**
 * Tags of the translations in `l10n`, each with a pattern of the browsers' language tags that it serves. Traditional Chinese (`zh-tw`,
 * `zh-hant`) is not served by Simplified Chinese.
 */
const translated = [["zh-cn", /^zh(-(cn|sg|hans)(-\w+)*)?$/i]] as const;

const loaded = new Map<string, PageLanguage>();

/** The first language in a browser's `Accept-Language` header for which there is a translation; English if there is none. */
export function languageFor(accepted = ""): PageLanguage {
  for (const range of accepted.split(",")) {
    const tag = range.split(";")[0]!.trim();
    if (/^en\b/i.test(tag)) return english;
    const [name] = translated.find(([, names]) => names.test(tag)) ?? [];
    if (name !== undefined) return load(name);
  }
  return english;
}

function load(tag: string): PageLanguage {
  const known = loaded.get(tag);
  if (known !== undefined) return known;
  const file = bundlePath(`../l10n/bundle.l10n.${tag}.json`);
  const language = { tag, strings: JSON.parse(readFileSync(file, "utf8")) as Record<string, string> };
  loaded.set(tag, language);
  return language;
}
