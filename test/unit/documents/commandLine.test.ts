import { posix } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { literal, nodesOf, source } from "../manifest/sources";
import { codeBlocks, codeSpans, documents, textOf } from "./documents";

const program = "extension/trainer/cli.ts";

/** A command of `revgan`, as its sources define it. The sources are read and not loaded: they would start an engine. */
interface CommandSource {
  readonly name: string;
  readonly help: string;
  readonly options: readonly string[];
}

const commonOptions = keysOf("extension/trainer/commandLine/arguments.ts", "commonOptions");
const commands = commandSources();
const reference = textOf("docs/commandLine.md");

it("finds the commands in the sources", () => {
  expect(commands.map(({ name }) => name)).toEqual(expect.arrayContaining(["train", "resume", "translate", "view"]));
  expect(commands.find(({ name }) => name === "train")!.options).toEqual(expect.arrayContaining(["config", "set"]));
});

describe("docs/commandLine.md", () => {
  it.each(commands)("shows what `revgan $name --help` prints", ({ help }) => {
    expect(codeBlocks(reference)).toContain(`${help}\n`);
  });

  it.each(commands)("names no option of `revgan $name` that it does not have", ({ name, options }) => {
    const [, section = ""] = reference.split(`\n## ${name}\n`);
    const spans = codeSpans(section.split("\n## ")[0]!).filter((span) => span.startsWith("--"));
    expect(spans.map(nameOf).filter((each) => ![...options, ...commonOptions].includes(each))).toEqual([]);
  });
});

describe.each(documents)("%s", (document) => {
  const text = textOf(document);
  const lines = [...codeSpans(text), ...codeBlocks(text).flatMap((block) => block.split("\n"))];

  it("calls `revgan` with commands and options that it has", () => {
    const wrong = lines.flatMap((line) => {
      const [, words] = /^\s*(?:[A-Z_]+=\S+ )*(?:revgan|node dist\/cli\.js) (.+)$/.exec(line) ?? [];
      if (words === undefined) return [];
      const [name = "", ...rest] = words.split(/\s+/);
      const command = commands.find((each) => each.name === name);
      if (command === undefined) return /^[a-z]+$/.test(name) ? [line] : [];
      const options = rest.map((word) => word.replace(/^[[(]+/, "")).filter((word) => /^--[a-z]/.test(word));
      return options.some((each) => ![...command.options, ...commonOptions].includes(nameOf(each))) ? [line] : [];
    });
    expect(wrong).toEqual([]);
  });
});

/** `run` of `--run=FOLDER` or `--run RUN`. */
function nameOf(option: string): string {
  return /^--([a-z-]+)/.exec(option)?.[1] ?? option;
}

function commandSources(): CommandSource[] {
  const file = source(program);
  const imported = importsOf(program);
  return objectNamed(file, "commands").properties.map((property) => {
    const name = property.name!.getText();
    const symbol = ts.isPropertyAssignment(property) ? property.initializer.getText() : name;
    const path = imported.get(symbol)!;
    const command = objectNamed(source(path), symbol);
    const member = (key: string): ts.Expression | undefined =>
      command.properties.filter(ts.isPropertyAssignment).find((each) => each.name.getText() === key)?.initializer;
    return {
      name,
      help: literal(member("help"))!,
      options: keysOf(path, member("options") as ts.ObjectLiteralExpression),
    };
  });
}

/** The files from which a source imports what it names. */
function importsOf(path: string): ReadonlyMap<string, string> {
  const imported = new Map<string, string>();
  for (const node of nodesOf(source(path))) {
    if (!ts.isImportDeclaration(node) || !node.importClause?.namedBindings) continue;
    const from = posix.join(posix.dirname(path), literal(node.moduleSpecifier)!);
    for (const name of nodesOf(node.importClause.namedBindings).filter(ts.isImportSpecifier))
      imported.set(name.name.text, `${from}.ts`);
  }
  return imported;
}

/** The object literal that a constant of a file is set to. */
function objectNamed(file: ts.SourceFile, name: string): ts.ObjectLiteralExpression {
  const declaration = nodesOf(file)
    .filter(ts.isVariableDeclaration)
    .find((each) => each.name.getText() === name);
  return nodesOf(declaration!).find(ts.isObjectLiteralExpression)!;
}

/** The keys of an object literal, or of a constant, also those that it takes over from another constant. */
function keysOf(path: string, object: ts.ObjectLiteralExpression | string): string[] {
  const literalObject = typeof object === "string" ? objectNamed(source(path), object) : object;
  return literalObject.properties.flatMap((property) => {
    if (!ts.isSpreadAssignment(property)) return property.name.getText().replace(/^["']|["']$/g, "");
    const name = property.expression.getText();
    return keysOf(importsOf(path).get(name) ?? path, name);
  });
}
