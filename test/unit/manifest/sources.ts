import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** The folder of package.json. */
export const root = join(import.meta.dirname, "../../..");

/** The parsed files of a folder and its subfolders, by path from the root. */
export function sourcesIn(folder: string): ts.SourceFile[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).filter((name) =>
    /(?<!\.d)\.ts$/.test(name),
  );
  return names.sort().map((name) => source(`${folder}/${name.replaceAll("\\", "/")}`));
}

/** One parsed file. */
export function source(path: string): ts.SourceFile {
  return parse(path, readFileSync(join(root, path), "utf8"));
}

/** A text as a parsed file. */
export function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}

/** A node and every node below it. */
export function nodesOf(node: ts.Node): ts.Node[] {
  const nodes: ts.Node[] = [];
  const visit = (each: ts.Node): void => {
    nodes.push(each);
    ts.forEachChild(each, visit);
  };
  visit(node);
  return nodes;
}

/** The text of a string without parts to be filled in. */
export function literal(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;
}

/** Where a node is, as an editor opens it. */
export function place(node: ts.Node): string {
  const file = node.getSourceFile();
  return `${file.fileName}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}
