import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { codeSpans, linkTargets, prose, tableRows, textOf } from "../documents/documents";
import { root } from "../manifest/sources";
import { difference, styleFaults } from "./rules";

const walkthrough = readdirSync(join(root, "media/walkthrough"))
  .filter((name) => /^\w+\.md$/.test(name))
  .map((name) => `media/walkthrough/${name}`);

/** VS Code finds a translated page of a walkthrough by its name. */
const pairs = [
  ["README.md", "README.zh-cn.md"],
  ...walkthrough.map((page) => [page, page.replace(/md$/, "nls.zh-cn.md")] as const),
] as const;

describe.each(pairs)("%s in Chinese", (english, chinese) => {
  it("has the headings, table rows, code, links, pictures and numbers of the English page", () => {
    const [wanted, got] = [factsOf(textOf(english)), factsOf(textOf(chinese))];
    expect({ missing: difference(wanted, got), "too many": difference(got, wanted) }).toEqual({
      missing: [],
      "too many": [],
    });
  });

  it("keeps the rules of docs/translating.md", () => {
    expect(styleFaults(textOf(chinese))).toEqual([]);
    // Markdown makes a space of the end of a line.
    const lines = prose(textOf(chinese)).split("\n");
    expect(lines.filter((line, i) => isParagraph(line) && isParagraph(lines[i - 1] ?? ""))).toEqual([]);
  });
});

function isParagraph(line: string): boolean {
  return line !== "" && !/^([#|!-]|\d+\. )/.test(line);
}

function factsOf(page: string): string[] {
  const text = page.replace(/README(\.zh-cn)?\.md|\.zh-cn(?=\.svg)/g, "");
  return [
    ...(text.match(/^(#+|\d+\.|-|```\w*)(?= |$)/gm) ?? []).map((mark) => `a line that begins with ${mark}`),
    ...tableRows(text).map((row) => `a table's row of ${row.length} cells`),
    ...codeSpans(text).flatMap((code) => code.split(/(?<=\/) /)),
    ...linkTargets(text),
    ...(text.match(/\d+(\.\d+)*/g) ?? []),
  ];
}
