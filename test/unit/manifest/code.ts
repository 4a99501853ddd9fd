import ts from "typescript";
import { literal, nodesOf, source, sourcesIn } from "./sources";

/** The keys of the object that `commandTable` returns: the commands that are registered, without their prefix. */
export function tableKeys(): string[] {
  for (const node of nodesOf(source("extension/vscode/commands/commandTable.ts"))) {
    if (!ts.isReturnStatement(node) || node.expression === undefined || !ts.isObjectLiteralExpression(node.expression))
      continue;
    return node.expression.properties.map(({ name }) => name?.getText() ?? "a spread, which hides commands");
  }
  throw new Error("extension/vscode/commands/commandTable.ts returns no table");
}

/** Commands of ours that the host runs, or binds to an item, by their full names. */
export function commandsInCode(): string[] {
  const found = new Set<string>();
  for (const file of sourcesIn("extension")) {
    for (const node of nodesOf(file)) {
      const name =
        ts.isPropertyAssignment(node) && node.name.getText() === "command"
          ? literal(node.initializer)
          : calledWith(node, "executeCommand");
      if (name?.startsWith("revgan.") === true) found.add(name);
    }
  }
  return [...found].sort();
}

/** The context keys that `extension/vscode/views/contextKeys.ts` sets. */
export function contextKeysInCode(): string[] {
  const found = nodesOf(source("extension/vscode/views/contextKeys.ts"))
    .map((node) => calledWith(node, "set"))
    .filter((key) => key?.startsWith("revgan."));
  return [...new Set(found as string[])].sort();
}

/** The settings that the host reads, below `revgan.`. */
export function settingsInCode(): string[] {
  const found = new Set<string>();
  for (const file of sourcesIn("extension")) {
    for (const node of nodesOf(file)) {
      if (!ts.isCallExpression(node) || node.expression.getText() !== "setting") continue;
      const name = literal(node.arguments[0]);
      if (name !== undefined) found.add(name);
    }
  }
  return [...found].sort();
}

/** The files of the host that ask VS Code for settings themselves. */
export function askersForSettings(): string[] {
  const asking = sourcesIn("extension").filter((file) =>
    nodesOf(file).some((node) => ts.isIdentifier(node) && node.text === "getConfiguration"),
  );
  return asking.map(({ fileName }) => fileName);
}

/** The literal first argument of a call of a method. */
function calledWith(node: ts.Node, method: string): string | undefined {
  if (
    !ts.isCallExpression(node) ||
    !ts.isPropertyAccessExpression(node.expression) ||
    node.expression.name.text !== method
  )
    return undefined;
  return literal(node.arguments[0]);
}

/** The commands that `extension/vscode/commands/register.ts` runs in Restricted Mode, without their prefix. */
export function commandsWithoutTrust(): string[] {
  const list = initializerOf("extension/vscode/commands/register.ts", "harmless");
  return list !== undefined && ts.isArrayLiteralExpression(list)
    ? list.elements.map((element) => literal(element) ?? element.getText())
    : [];
}

/** The type of the panel's view. */
export function panelViewType(): string | undefined {
  return literal(initializerOf("extension/vscode/views/panel.ts", "panelViewType"));
}

function initializerOf(path: string, variable: string): ts.Expression | undefined {
  return nodesOf(source(path))
    .filter(ts.isVariableDeclaration)
    .find(({ name }) => name.getText() === variable)?.initializer;
}
