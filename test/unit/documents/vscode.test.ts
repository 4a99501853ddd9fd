import { expect, it } from "vitest";
import { contributes, textOf } from "../manifest/manifest";
import { tableRows, textOf as documentText } from "./documents";

it("docs/vscode.md has a row for every command of the palette, and for no other", () => {
  const hidden = (contributes.menus["commandPalette"] ?? [])
    .filter(({ when }) => when === "false")
    .map(({ command }) => command);
  const titles = contributes.commands
    .filter(({ command }) => !hidden.includes(command))
    .map(({ title }) => textOf(title));
  const told = tableRows(documentText("docs/vscode.md")).map(([name]) => name);
  expect(told.slice(1).sort()).toEqual(titles.sort());
});
