import * as vscode from "vscode";
import type { RevganError } from "../../protocol/errors";
import { findConfigFiles } from "../configFiles";
import { commandRemedy, ErrorWithRemedies, toRevganError, type Remedy, showError } from "../notifications";
import type { Services } from "./services";
import { commandTable } from "./commandTable";

/** Commands that work in Restricted Mode, because they start no program and change nothing. */
const harmless: readonly string[] = ["openPanel", "compareRuns", "compareFolder", "revealRun", "showLog"];

/** Whether a command (without `revgan.`) works in Restricted Mode. */
export function isHarmless(command: string): boolean {
  return harmless.includes(command);
}

/** Registers all commands. Their errors are shown as notifications with buttons. */
export function registerCommands(services: Services): vscode.Disposable {
  const registered = Object.entries(commandTable(services)).map(([name, run]) =>
    vscode.commands.registerCommand(`revgan.${name}`, async (...args: unknown[]) => {
      try {
        if (!vscode.workspace.isTrusted && !isHarmless(name)) {
          askForTrust();
          return undefined;
        }
        return await run(...(args as never[]));
      } catch (error) {
        const problem = toRevganError(error);
        services.log.error(problem);
        showError(problem, remediesFor(problem, services.log));
        return undefined;
      }
    }),
  );
  return vscode.Disposable.from(...registered);
}

function askForTrust(): void {
  const manage = vscode.l10n.t("Manage Workspace Trust");
  const text = vscode.l10n.t(
    "In Restricted Mode RevGAN trains and translates nothing: its trainer would read files of a workspace that you do not trust yet.",
  );
  void vscode.window.showWarningMessage(text, manage).then(async (button) => {
    if (button === manage) await vscode.commands.executeCommand("workbench.trust.manage");
  });
}

/** The buttons of an error's notification: the error's own, else those for its code. */
export function remediesFor(problem: RevganError, log: vscode.LogOutputChannel): readonly Remedy[] {
  if (problem instanceof ErrorWithRemedies) return problem.remedies;
  const showLog: Remedy = { title: vscode.l10n.t("Show Log"), run: () => log.show() };
  const openConfig: Remedy = { title: vscode.l10n.t("Open revgan.json"), run: openFirstConfig };
  switch (problem.code) {
    case "config":
    case "data":
      return [openConfig, commandRemedy(vscode.l10n.t("New Run…"), "revgan.newRun")];
    case "run":
    case "checkpoint":
    case "locked":
      return [commandRemedy(vscode.l10n.t("Show Runs"), "revgan.runs.focus")];
    case "engine":
    case "download":
      return [commandRemedy(vscode.l10n.t("Doctor"), "revgan.doctor"), showLog];
    case "usage":
    case "input":
    case "disk":
    case "memory":
    case "diverged":
    case "interrupted":
    case "internal":
    case "ranks":
      return [showLog];
  }
}

async function openFirstConfig(): Promise<void> {
  const [file] = await findConfigFiles(1);
  if (file !== undefined) await vscode.window.showTextDocument(file);
  else await vscode.commands.executeCommand("revgan.newRun");
}
