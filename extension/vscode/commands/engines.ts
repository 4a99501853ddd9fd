import * as vscode from "vscode";
import type { EngineLine, Line } from "../../protocol/lines";
import { installRemedies, RevganError } from "../../protocol/errors";
import { runCli } from "../../host/cliProcess";
import { failureText } from "../notifications";
import { type Report, withProgress } from "../progress";
import { changeSetting, trainerEnvironment } from "../readSetting";
import type { Services } from "./services";
import { offerSwitch } from "./switchEngine";

/** Options of the engine commands, for programs. */
export interface EngineOptions {
  readonly gpu?: boolean;
}

/** `revgan.installEngine`: downloads TensorFlow; asks whether for the CPU or the GPU if both are possible. */
export async function installEngine(services: Services, options: EngineOptions = {}): Promise<EngineLine[]> {
  const gpu = options.gpu ?? (await wantsGpu(services));
  if (gpu === undefined) return [];
  const lines = await withProgress(vscode.l10n.t("Installing TensorFlow"), (report, signal) =>
    runEngineCommand(services, ["install", ...(gpu ? ["--gpu"] : [])], signal, report),
  );
  for (const line of lines) {
    if (line.available && offerSwitch(services, line)) continue;
    if (line.available)
      void vscode.window.showInformationMessage(
        vscode.l10n.t("{0} is installed: {1}.", line.version ?? line.name, line.device ?? line.name),
      );
    else
      void vscode.window.showWarningMessage(
        vscode.l10n.t(
          "TensorFlow is installed, but does not work here yet: {0}",
          failureText({ message: line.reason ?? "", remedy: line.remedy ?? "" }),
        ),
      );
  }
  return lines;
}

/** Undefined when the user dismisses the question. */
async function wantsGpu(services: Services): Promise<boolean | undefined> {
  const gpuLine = (await engineLines(services)).find(({ name }) => name === "native-gpu");
  if (gpuLine === undefined || !canInstall(gpuLine)) return false;
  const forGpu = {
    label: vscode.l10n.t("For the GPU"),
    description: gpuLine.gpus?.map(({ name }) => name).join(", ") ?? "",
    detail: vscode.l10n.t("TensorFlow with CUDA and cuDNN: 2.8 GB to fetch"),
  };
  const forProcessor = {
    label: vscode.l10n.t("For the Processor"),
    detail: vscode.l10n.t("TensorFlow: 274 MB to fetch"),
  };
  const chosen = await vscode.window.showQuickPick([forGpu, forProcessor], {
    title: vscode.l10n.t("Install Engine"),
    placeHolder: vscode.l10n.t("What shall it train on?"),
  });
  return chosen && chosen === forGpu;
}

/** Whether an engine of TensorFlow's is missing only because it was not downloaded; for another one its remedy says what to do. */
export function canInstall({ name, remedy }: EngineLine): boolean {
  return (name === "native" || name === "native-gpu") && remedy === installRemedies[name];
}

/** `revgan.chooseGpu`: sets which GPU computes, by nvidia-smi's number; null for the last one of CUDA. Without an argument the user picks. */
export async function chooseGpu(services: Services, gpu?: number | null): Promise<number | null | undefined> {
  const chosen = gpu === undefined ? await pickGpu(services) : gpu;
  if (chosen !== undefined) await changeSetting("gpu", chosen === null ? "" : String(chosen));
  return chosen;
}

async function pickGpu(services: Services): Promise<number | null | undefined> {
  const line = (await engineLines(services)).find(({ name }) => name === "native-gpu");
  const gpus = line?.gpus ?? [];
  if (gpus.length === 0) throw new RevganError("engine", line?.reason ?? "no GPU was found", line?.remedy ?? "");
  const items: readonly (vscode.QuickPickItem & { readonly gpu: number | null })[] = [
    { label: vscode.l10n.t("Any"), detail: vscode.l10n.t("the last one that CUDA lists"), gpu: null },
    ...gpus.map((each) => ({ label: `${each.index}: ${each.name}`, description: usedText(each), gpu: each.index })),
  ];
  return (
    await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t("Choose GPU"),
      placeHolder: vscode.l10n.t("Trainings that start from now on use it"),
    })
  )?.gpu;
}

/** A GPU's used and total memory. */
export function usedText({ usedBytes, totalBytes }: NonNullable<EngineLine["gpus"]>[number]): string {
  return vscode.l10n.t("{0} of {1} in use", megabytes(usedBytes), megabytes(totalBytes));
}

/** `revgan.removeEngine`: deletes what was downloaded. */
export async function removeEngine(services: Services): Promise<EngineLine[]> {
  return withProgress(vscode.l10n.t("Removing TensorFlow"), (_, signal) =>
    runEngineCommand(services, ["remove"], signal),
  );
}

/** The line of each engine, fastest first. */
export function engineLines(services: Services): Promise<EngineLine[]> {
  return withProgress(vscode.l10n.t("Looking at the engines"), (_, signal) =>
    runEngineCommand(services, ["status"], signal),
  );
}

async function runEngineCommand(
  { paths: places, log }: Services,
  args: readonly string[],
  signal: AbortSignal,
  report?: Report,
): Promise<EngineLine[]> {
  const lines: EngineLine[] = [];
  const onLine = (line: Line): void => {
    // A training that VS Code starts is one process.
    if (line.type === "engine" && line.name !== "mpi") lines.push(line);
    if (line.type === "engineProgress")
      report?.(
        line.bytes,
        line.totalBytes,
        line.totalBytes > 0 ? `${line.phase} ${megabytes(line.bytes)} / ${megabytes(line.totalBytes)}` : line.phase,
      );
  };
  await runCli({
    program: places.program("cli"),
    args: ["engine", ...args],
    cwd: places.globalStorage,
    env: trainerEnvironment(),
    onLine,
    onText: (text) => log.info(text),
    signal,
  });
  return lines;
}

/** "1.2 GB", "350 MB". */
export function megabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.round(bytes / 1e6)} MB`;
}
