import * as vscode from "vscode";
import { freemem, totalmem } from "node:os";
import { deviceText } from "../../protocol/deviceText";
import type { EngineLine } from "../../protocol/lines";
import { failureText } from "../notifications";
import { gpusOf } from "./chooseGpu";
import { type EngineOptions, engineLines, installOffers, megabytes } from "./engines";
import type { Services } from "./services";

/** `revgan.doctor`: shows which engines work, why the others do not, and the machine's processor, memory and GPUs. */
export async function doctor(
  services: Services,
  options?: EngineOptions | { readonly runId: string },
): Promise<EngineLine[]> {
  const lines = await engineLines(services);
  // With options, the command was called by a program, which only gets the lines. A menu passes the focused entry of the tree, which has a
  // `runId`.
  if (options === undefined || "runId" in options) void showDiagnosis(lines);
  return lines;
}

interface Finding extends vscode.QuickPickItem {
  /** The command, with its arguments, that choosing the entry runs. */
  readonly command?: readonly [string, ...unknown[]];
}

async function showDiagnosis(lines: readonly EngineLine[]): Promise<void> {
  const offers = installOffers(lines);
  const engines = lines.map((line): Finding => {
    const label = `$(${line.available ? "pass" : "circle-slash"}) ${line.name}`;
    if (line.available)
      return {
        label,
        description: [line.version, line.device === null ? null : deviceText(line.device, vscode.l10n)]
          .filter((each) => each !== null)
          .join(", "),
        detail: vscode.l10n.t("works here"),
      };
    if (offers.some((offer) => offer.line === line)) return { label, detail: vscode.l10n.t("is not installed") };
    return {
      label,
      detail: failureText({ message: line.reason ?? vscode.l10n.t("does not work here"), remedy: line.remedy ?? "" }),
    };
  });
  const help = offers.map(({ action, detail, options }): Finding => ({
    label: `$(cloud-download) ${action}`,
    detail,
    command: ["revgan.installEngine", options],
  }));
  const gpus = gpusOf(lines).map((gpu): Finding => ({
    ...gpu,
    label: `$(circuit-board) ${gpu.label}`,
    command: ["revgan.chooseGpu"],
  }));
  const machine: Finding[] = [
    { label: vscode.l10n.t("This machine"), kind: vscode.QuickPickItemKind.Separator },
    { label: `$(chip) ${process.platform} ${process.arch}, Node ${process.versions.node}` },
    { label: `$(server) ${vscode.l10n.t("{0} of memory, {1} free", megabytes(totalmem()), megabytes(freemem()))}` },
    ...gpus,
  ];
  const items: Finding[] = [...engines, ...help, ...machine];
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t("RevGAN Doctor"),
    placeHolder: vscode.l10n.t("The fastest engine that works is used"),
    matchOnDetail: true,
  });
  if (chosen?.command !== undefined) await vscode.commands.executeCommand(...chosen.command);
}
