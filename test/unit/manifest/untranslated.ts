import ts from "typescript";
import { nodesOf, place } from "./sources";

/** Where an object or an element says something to its reader. */
const said =
  /^(title|label|detail|description|placeHolder|placeholder|prompt|openLabel|tooltip|textContent|ariaLabel|aria-label|alt|message)$/;

/** Texts of several English words that are shown without being handed to a translator. Errors of programs without VS Code are English. */
export function untranslatedIn(files: readonly ts.SourceFile[]): string[] {
  return files.flatMap((file) =>
    nodesOf(file)
      .filter((node) => isShown(node) && isEnglish(node))
      .map((node) => `${place(node)}: ${node.getText()}`),
  );
}

function isShown(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isSourceFile(node)) return false;
  if (ts.isPropertyAssignment(parent))
    return parent.initializer === node && said.test(parent.name.getText().replaceAll('"', ""));
  if (ts.isBinaryExpression(parent))
    return parent.right === node && ts.isPropertyAccessExpression(parent.left) && said.test(parent.left.name.text);
  if (!ts.isCallExpression(parent) || !ts.isPropertyAccessExpression(parent.expression)) return false;
  const method = parent.expression.name.text;
  const [first, second] = parent.arguments;
  if (/^show\w+Message$/.test(method)) return node !== parent.expression;
  return (
    method === "setAttribute" &&
    node === second &&
    first !== undefined &&
    ts.isStringLiteralLike(first) &&
    said.test(first.text)
  );
}

function isEnglish(node: ts.Node): boolean {
  if (!ts.isStringLiteralLike(node) && !ts.isTemplateExpression(node)) return false;
  const text = ts.isStringLiteralLike(node)
    ? node.text
    : [node.head, ...node.templateSpans.map(({ literal }) => literal)].map((part) => part.text).join("{}");
  return /\p{L}{2,} \p{L}{2,}/u.test(text);
}
