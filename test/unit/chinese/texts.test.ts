import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { configJsonSchema } from "../../../extension/configuration/jsonSchema";
import { tableRows, textOf } from "../documents/documents";
import { root } from "../manifest/sources";
import { missingLines, sortedTexts, translationFaults, type Term, type Texts } from "./texts";

const schema = schemaTexts();

const pairs = [
  ["package.nls.zh-cn.json", textsOf("package.nls.json"), []],
  ["l10n/bundle.l10n.zh-cn.json", textsOf("l10n/bundle.l10n.json"), []],
  ["extension/configuration/schemaTexts.zh-cn.json", schema.texts, schema.words],
] as const;

describe.each(pairs)("%s", (chinese, source, kept) => {
  it("has every text, and no other", () => {
    const before = textsOf(chinese);
    if (process.env["UPDATE_STRINGS"] === "1") writeFileSync(join(root, chinese), sortedTexts(source, before));
    const missing = missingLines(source, before);
    const how = `${chinese} lacks ${missing.length} texts: paste these lines into it and translate what stands right`;
    if (missing.length > 0) expect.fail(`${how}:\n${missing.join("\n")}\n`);
    const order = `${chinese} is in another order: UPDATE_STRINGS=1 npx vitest run --project unit test/unit/chinese`;
    expect(textOf(chinese) === sortedTexts(source, textsOf(chinese)), order).toBe(true);
  });

  it("keeps the rules of docs/translating.md", () => {
    expect(translationFaults(source, textsOf(chinese), glossary(), kept)).toEqual([]);
  });
});

it("finds what is missing, gone, or against the rules", () => {
  const english = { a: "Train {0}", b: "{0} of {1}", c: "`x` weights", d: "Stop", e: "Step {0}.", f: "Open" };
  const chinese = { a: "训练{0}", b: "{0} / {0}", c: "`x` 重量", d: "Stop 训练", e: "第 {0} 步.", g: "打开" };
  const terms = [{ english: /\bweights\b/i, chinese: ["权重"] }];
  expect(missingLines(english, chinese)).toEqual(['  "f": "Open",']);
  expect(translationFaults(english, chinese, terms)).toEqual([
    '"a": a space is missing: “训练{0}”',
    '"b": {1} is missing',
    '"b": {0} is too many',
    '"c": the glossary says 权重 for \\bweights\\b',
    '"d": English is left: “Stop”',
    '"e": punctuation has to be Chinese: “{0} 步.”',
    '"g": the English text is gone',
  ]);
});

function textsOf(file: string): Texts {
  return JSON.parse(textOf(file)) as Texts;
}

/** What hovers over keys of `revgan.json` say, and the names of keys and their values. */
function schemaTexts(): { texts: Texts; words: string[] } {
  const texts: Record<string, string> = {};
  const whole = configJsonSchema((text) => (texts[text] = text));
  const words = new Set<string>();
  JSON.stringify(whole, (key, value: unknown) => {
    words.add(key);
    if (["enum", "default", "const"].includes(key)) for (const word of [value].flat()) words.add(String(word));
    return value;
  });
  return { texts, words: [...words] };
}

/** The words of the first table under this heading of docs/translating.md; those of the second have more than one use. */
function glossary(): Term[] {
  const table = textOf("docs/translating.md").split("## Glossary")[1]!.split("\n\n")[1]!;
  const rows = tableRows(table).slice(1);
  return rows.flatMap(([english, chinese]) => {
    const words = chinese!.split(/ \/ /);
    const names = english!.split(", ");
    const parallel = chinese!.split(", ");
    return names.map((name, i) => ({
      english: new RegExp(`\\b${name.replace(/s$/, "")}s?\\b`, "i"),
      chinese: parallel.length === names.length && names.length > 1 ? [parallel[i]!] : words,
    }));
  });
}
