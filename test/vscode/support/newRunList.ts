import { readFileSync } from "node:fs";
import { type Config, parseConfig } from "../../../extension/configuration/config";
import { parseJsonWithComments } from "../../../extension/configuration/jsonWithComments";
import { until } from "../../support/browser/until";
import type { Workbench } from "../../support/vscode/workbench";

/** The entries of the open list, label and what is said beside and below it. */
export async function entries(vscode: Workbench): Promise<string[]> {
  const rows = await vscode.page.locator(".quick-input-list .monaco-list-row:visible").all();
  return await Promise.all(
    rows.map(async (row) => (await row.locator(".label-name, .label-description").allInnerTexts()).join(" ").trim()),
  );
}

/** The entries once every folder was looked at. */
export async function lookedAt(vscode: Workbench): Promise<string[]> {
  await vscode.quickInput.waitUntilOpen();
  const ready = async (): Promise<string[] | undefined> => {
    const found = await entries(vscode);
    return found.some((text) => text.includes("Another Folder…")) && !found.some((text) => text.includes("looking…"))
      ? found
      : undefined;
  };
  return until("the folders to be looked at", ready, () => entries(vscode));
}

/** What a file says, which is a configuration that the trainer takes: as it is written, and with its defaults. */
export function writtenConfig(file: string): { written: Record<string, unknown>; config: Config } {
  const written = parseJsonWithComments(readFileSync(file, "utf8"), file) as Record<string, unknown>;
  return { written, config: parseConfig(written, file) };
}
