import ts from "typescript";
import { literal, nodesOf, place } from "./sources";

/** What the translated texts of some files are. */
export interface Strings {
  /** Ascending by code unit, each once. */
  readonly texts: string[];
  /** Calls whose text nobody can translate, and why. */
  readonly faults: string[];
}

/** Collects the English texts: of `vscode.l10n.t` in the host, of `t` from `ui/text` in the webview. */
export function stringsOf(files: readonly ts.SourceFile[]): Strings {
  const texts = new Set<string>();
  const faults: string[] = [];
  for (const file of files) {
    const isTranslator = translatorOf(file);
    for (const node of nodesOf(file)) {
      if (!isTranslator(node)) continue;
      const call = node.parent;
      if (!ts.isCallExpression(call) || call.expression !== node)
        faults.push(`${place(node)}: handed on, so that its texts are not seen`);
      else {
        const text = literal(call.arguments[0]);
        if (text === undefined) faults.push(`${place(node)}: its text is computed`);
        else {
          texts.add(text);
          if (!isFilled(text, call.arguments.slice(1)))
            faults.push(`${place(node)}: "${text}" does not take the values that it is given`);
        }
      }
    }
  }
  return { texts: [...texts].sort(), faults };
}

/** As they stand in `l10n/bundle.l10n.json`. */
export function bundleOf(texts: readonly string[]): string {
  return `${JSON.stringify(Object.fromEntries(texts.map((text) => [text, text])), null, 2)}\n`;
}

/** Tells the uses of a file's translating function from all else. */
function translatorOf(file: ts.SourceFile): (node: ts.Node) => boolean {
  const local = importedTranslator(file);
  return (node) => {
    if (ts.isPropertyAccessExpression(node) && node.name.text === "t")
      return /(^|\.)l10n$/.test(node.expression.getText());
    return local !== undefined && ts.isIdentifier(node) && node.text === local && !isName(node);
  };
}

/** The name under which a file of the webview knows `t`. */
function importedTranslator(file: ts.SourceFile): string | undefined {
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement) || !/(^|\/)text$/.test(literal(statement.moduleSpecifier) ?? "")) continue;
    const bindings = statement.importClause?.namedBindings;
    if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
    const found = bindings.elements.find(({ name, propertyName }) => (propertyName ?? name).text === "t");
    if (found !== undefined) return found.name.text;
  }
  return undefined;
}

/** Whether an identifier only names something: the import itself, or a property. */
function isName(node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    ts.isImportSpecifier(parent) ||
    ((ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) && parent.name === node)
  );
}

/** Whether each value has its place in a text and each place its value. */
function isFilled(text: string, values: readonly ts.Expression[]): boolean {
  if (values.some((value) => ts.isSpreadElement(value))) return true;
  const places = new Set([...text.matchAll(/\{(\d+)\}/g)].map((match) => Number(match[1])));
  return places.size === values.length && values.every((_, index) => places.has(index));
}
