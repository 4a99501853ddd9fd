import * as vscode from "vscode";
import { freemem, totalmem } from "node:os";
import type { EngineLine, Line } from "../protocol/lines";
import { runCli } from "../runs/cliProcess";
import { sentence } from "../vscode/problems";
import { type Report, withProgress } from "../vscode/progress";
import type { Services } from "./services";

/** Told to an engine command by a program; a user clicks without. */
interface EngineOptions {
  readonly gpu?: boolean;
}

/** `revgan.installEngine`: fetches TensorFlow for this machine. */
export async function installEngine(services: Services, { gpu = false }: EngineOptions = {}): Promise<EngineLine[]> {
  const lines = await withProgress(vscode.l10n.t("Installing TensorFlow"), (report, signal) => engine(services, ["install", ...(gpu ? ["--gpu"] : [])], signal, report));
  const line = lines.find(({ available }) => available);
  if (line !== undefined) void vscode.window.showInformationMessage(vscode.l10n.t("{0} is installed: {1}.", line.version ?? line.name, line.device ?? line.name));
  return lines;
}

/** `revgan.removeEngine`: deletes what was fetched. */
export async function removeEngine(services: Services): Promise<EngineLine[]> {
  return withProgress(vscode.l10n.t("Removing TensorFlow"), (_, signal) => engine(services, ["remove"], signal));
}

/** `revgan.doctor`: which engines work here, why not the others, and what the machine has. */
export async function doctor(services: Services, options?: EngineOptions | { readonly runId: string }): Promise<EngineLine[]> {
  const lines = await withProgress(vscode.l10n.t("Looking at the engines"), (_, signal) => engine(services, ["status"], signal));
  // A program that asks wants the answer, not a list on the screen. A menu hands on the row that has the focus.
  if (options === undefined || "runId" in options) void showDiagnosis(lines);
  return lines;
}

async function engine({ places, log }: Services, args: readonly string[], signal: AbortSignal, report?: Report): Promise<EngineLine[]> {
  const lines: EngineLine[] = [];
  const onLine = (line: Line): void => {
    if (line.type === "engine") lines.push(line);
    if (line.type === "engineProgress") report?.(line.bytes, line.totalBytes, line.totalBytes > 0 ? `${line.phase} ${megabytes(line.bytes)} / ${megabytes(line.totalBytes)}` : line.phase);
  };
  await runCli({ program: places.program("cli"), args: ["engine", ...args], cwd: places.home, onLine, onText: (text) => log.info(text), signal });
  return lines;
}

interface Finding extends vscode.QuickPickItem {
  readonly command?: string;
}

async function showDiagnosis(lines: readonly EngineLine[]): Promise<void> {
  const engines = lines.map((line): Finding => {
    const label = `$(${line.available ? "pass" : "circle-slash"}) ${line.name}`;
    if (line.available) return { label, description: [line.version, line.device].filter((each) => each !== null).join(", "), detail: vscode.l10n.t("works here") };
    return { label, detail: sentence({ message: line.reason ?? vscode.l10n.t("does not work here"), remedy: line.remedy ?? "" }) };
  });
  const hasNative = lines.some(({ name, available }) => name !== "wasm" && available);
  const help: Finding[] = hasNative ? [] : [{ label: `$(cloud-download) ${vscode.l10n.t("Install Engine")}`, detail: vscode.l10n.t("fetches TensorFlow, which is many times faster than WebAssembly"), command: "revgan.installEngine" }];
  const machine: Finding[] = [
    { label: vscode.l10n.t("This machine"), kind: vscode.QuickPickItemKind.Separator },
    { label: `$(chip) ${process.platform} ${process.arch}, Node ${process.versions.node}` },
    { label: `$(server) ${vscode.l10n.t("{0} of memory, {1} free", megabytes(totalmem()), megabytes(freemem()))}` },
  ];
  const items: Finding[] = [...engines, ...help, ...machine];
  const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t("RevGAN Doctor"), placeHolder: vscode.l10n.t("The first engine that works is used"), matchOnDetail: true });
  if (chosen?.command !== undefined) await vscode.commands.executeCommand(chosen.command);
}

function megabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.round(bytes / 1e6)} MB`;
}
