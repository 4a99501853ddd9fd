import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../manifest/sources";

/** The text of a file, by its path from the checkout's folder. */
export function textOf(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** The documents for people, by their paths from the checkout's folder. */
export const documents: readonly string[] = [
  "README.md",
  "README.zh-cn.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "SECURITY.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
  "test/parity/fixtures/README.md",
];

const fence = /^```.*\n([\s\S]*?)^```$/gm;

/** The blocks of code in a document, without their fences. */
export function codeBlocks(markdown: string): string[] {
  return [...markdown.matchAll(fence)].map(([, code]) => code!);
}

/** The text outside blocks of code. */
export function prose(markdown: string): string {
  return markdown.replace(fence, "");
}

/** What stands between backticks in the prose of a document. `\|` is how a table writes `|`. */
export function codeSpans(markdown: string): string[] {
  return [...prose(markdown).matchAll(/`([^`]+)`/g)].map(([, code]) => code!.replaceAll("\\|", "|"));
}

/** Targets of the links and pictures in the prose of a document. */
export function linkTargets(markdown: string): string[] {
  const text = prose(markdown).replace(/`[^`]+`/g, "code");
  return [...text.matchAll(/\]\(([^)\s]+)\)|<img[^>]* src="([^"]+)"/g)].map(([, link, picture]) => (link ?? picture)!);
}

/** The anchors that GitHub gives to a document's headings. */
export function anchorsOf(markdown: string): string[] {
  return [...prose(markdown).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** The rows of a document's tables as cells without code marks; `\|` stands for `|`. Lines of dashes are left out. */
export function tableRows(markdown: string): string[][] {
  return prose(markdown)
    .split("\n")
    .filter((line) => line.startsWith("|") && !/^\|[\s:|-]+\|$/.test(line))
    .map((line) =>
      line
        .slice(1, line.lastIndexOf("|"))
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim().replaceAll("\\|", "|")),
    );
}

/** `a/{b,c}` as `a/b` and `a/c`. */
export function withoutBraces(pattern: string): string[] {
  const [whole, choices] = /\{([^{}]*)\}/.exec(pattern) ?? [];
  if (whole === undefined) return [pattern];
  return choices!.split(",").flatMap((choice) => withoutBraces(pattern.replace(whole, choice)));
}
