import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach } from "vitest";
import { expectDone, readRunFile, train, unpairedData } from "../support/commandLine";
import type { Workbench } from "../support/vscode/workbench";

/** The repository, which is an unpacked extension once it is built. */
export const extension = join(import.meta.dirname, "..", "..");

/** A workspace folder of its own, with characters in its name that commands and addresses must not stumble over; `gone` removes it. */
export function workspaceFolder(name: string): { readonly folder: string; readonly gone: () => void } {
  const folder = mkdtempSync(join(tmpdir(), `revgan ${name} 'é' #1 50%-`));
  return { folder, gone: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }) };
}

/** A run of two steps in the workspace's own place for runs. Returns its folder. */
export async function trainedRun(
  workspace: string,
  name: string,
  values: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const run = join(workspace, ".revgan", "runs", name);
  expectDone(await train(unpairedData(join(workspace, "data")), run, values));
  return run;
}

/** The same run once more, beside it, under another name. Returns its folder. */
export function copyOfRun(run: string, name: string): string {
  const copy = join(run, "..", name);
  cpSync(run, copy, { recursive: true });
  writeFileSync(join(copy, "run.json"), JSON.stringify({ ...readRunFile(run), name }));
  return copy;
}

/** After each test closes a question that it left open, which would stand before the next one, and its notifications; after all, the window. */
export function tidyAfterTests(window: () => Workbench, gone: () => void): void {
  afterEach(async () => {
    await window().page.keyboard.press("Escape");
    await window().notifications.clear();
  });
  afterAll(async () => {
    await window().close();
    gone();
  });
}
