import { readdirSync } from "node:fs";
import { join, posix } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "../manifest/sources";
import { anchorsOf, codeBlocks, codeSpans, documents, linkTargets, textOf, withoutBraces } from "./documents";

/** Folders whose files documents name. `dist` and `node_modules` are made by programs. */
const ours = ["extension", "webview", "test", "packaging", "media", "docs", "l10n", ".vscode"];

/** Every file and folder of ours, by its path from the checkout's folder. */
const paths = new Set([
  ...readdirSync(root),
  ...ours.flatMap((folder) => [
    folder,
    ...readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map(
      (path) => `${folder}/${path.replaceAll("\\", "/")}`,
    ),
  ]),
]);
const tests = [...paths].filter((path) => path.startsWith("test/") && path.endsWith(".test.ts"));
const names = new Set([...paths].map((path) => posix.basename(path)));
const { scripts } = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> };

/** Every word of the sources. */
const words = new Set(
  [...paths]
    .filter((path) => /^(extension|webview|test|packaging)\/.*\.(ts|mjs|cc)$/.test(path))
    .filter((path) => !path.startsWith("test/unit/documents/"))
    .flatMap((path) => textOf(path).match(/\w+/g) ?? []),
);

describe.each(documents)("%s", (document) => {
  const text = textOf(document);
  const here = posix.dirname(document);

  it("links to files and headings that exist", () => {
    const broken = linkTargets(text).filter((target) => {
      if (/^https?:/.test(target)) return false;
      const [path, anchor] = target.split("#") as [string, string | undefined];
      const file = path === "" ? document : posix.join(here, path);
      if (!paths.has(file.replace(/\/$/, ""))) return true;
      return anchor !== undefined && !anchorsOf(textOf(file)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it("names files, folders and tests that exist", () => {
    const named = codeSpans(text).flatMap(withoutBraces).filter(isPathOfOurs);
    expect(named.filter((path) => !exists(here, path))).toEqual([]);
  });

  it("names scripts of npm that exist", () => {
    const code = [...codeSpans(text), ...codeBlocks(text)].join("\n");
    const run = [...code.matchAll(/\bnpm (?:--silent )?run (?:--silent )?([\w:]+)/g)].map(([, name]) => name!);
    expect(run.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it("names environment variables that the sources read", () => {
    const code = [...codeSpans(text), ...codeBlocks(text)].join("\n");
    const variables = code.match(/\b(REVGAN|UPDATE)_\w+/g) ?? [];
    expect(variables.filter((name) => !words.has(name))).toEqual([]);
  });
});

it("CONTRIBUTING.md names symbols that the sources have", () => {
  const symbols = codeSpans(textOf("CONTRIBUTING.md"))
    .map((span) => span.replace(/\(.*\)$/, ""))
    .filter((span) => /^[A-Za-z]\w*(\.[A-Za-z]\w*)*$/.test(span) && /[a-z][A-Z]|^[A-Z][a-z]/.test(span))
    .filter((span) => !names.has(span))
    .flatMap((span) => span.split("."));
  expect(symbols.filter((symbol) => !words.has(symbol))).toEqual([]);
});

it("README.md has at most 800 words, and keeps the commands that others rely on", () => {
  const text = textOf("README.md");
  expect(text.split(/\s+/).length).toBeLessThanOrEqual(800);
  expect(codeBlocks(text).join("\n")).toMatch(/^npm test$/m);
  expect(codeBlocks(text).join("\n")).toMatch(/^npm run demo$/m);
});

/** Whether it looks like a file of the sources or a folder of ours, or like a test in the form that `npm test --` takes. */
function isPathOfOurs(code: string): boolean {
  if (/^[\w.-]+\.(ts|mts|mjs|cjs|cc|css|py)$/.test(code)) return true;
  if (!/^[\w.*@-]+(\/[\w.*@-]+)*\/?$/.test(code)) return false;
  const [first, second] = code.replace(/^(\.\.?\/)+/, "").split("/");
  return second !== undefined && (ours.includes(first!) || isFolderOfTests(first!) || code.startsWith("../"));
}

function isFolderOfTests(name: string): boolean {
  return name !== "data" && paths.has(`test/${name}`) && !name.includes(".");
}

function exists(here: string, named: string): boolean {
  const path = named.replace(/\/$/, "");
  if (paths.has(path) || paths.has(posix.join(here, path))) return true;
  if (!path.includes("/") && names.has(path)) return true;
  const pattern = new RegExp(
    path
      .split("*")
      .map((part) => part.replaceAll(".", "\\."))
      .join("[^/]*"),
  );
  return path.includes("*") ? [...paths].some((each) => pattern.test(each)) : tests.some((each) => each.includes(path));
}
