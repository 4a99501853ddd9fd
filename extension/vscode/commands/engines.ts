import * as vscode from "vscode";
import { installRemedies, type EngineLine, type Line } from "../../protocol/lines";
import { RevganError } from "../../protocol/errors";
import { runCli } from "../../host/cliProcess";
import { failureText } from "../problems";
import { type Report, withProgress } from "../progress";
import { changeSetting } from "../settings";
import { trainerEnvironment } from "../trainerEnvironment";
import type { Services } from "./services";

/** Told to an engine command by a program; a user clicks without. */
export interface EngineOptions {
  readonly gpu?: boolean;
}

/** `revgan.installEngine`: fetches TensorFlow for this machine; for which of its processors is asked where there is a choice. */
export async function installEngine(services: Services, options: EngineOptions = {}): Promise<EngineLine[]> {
  const gpu = options.gpu ?? (await wantsGpu(services));
  if (gpu === undefined) return [];
  const lines = await withProgress(vscode.l10n.t("Installing TensorFlow"), (report, signal) =>
    engine(services, ["install", ...(gpu ? ["--gpu"] : [])], signal, report),
  );
  for (const line of lines) {
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

/** Undefined when the user wants none. */
async function wantsGpu(services: Services): Promise<boolean | undefined> {
  const gpuLine = (await status(services)).find(({ name }) => name === "native-gpu");
  if (gpuLine === undefined || !canInstall(gpuLine)) return false;
  const forGpu = {
    label: vscode.l10n.t("For the GPU"),
    description: gpuLine.gpus?.map(({ name }) => name).join(", ") ?? "",
    detail: vscode.l10n.t("TensorFlow with CUDA and cuDNN: 2.8 GB to fetch"),
  };
  const forProcessor = {
    label: vscode.l10n.t("For the Processor"),
    detail: vscode.l10n.t("TensorFlow: 0.3 GB to fetch"),
  };
  const chosen = await vscode.window.showQuickPick([forGpu, forProcessor], {
    title: vscode.l10n.t("Install Engine"),
    placeHolder: vscode.l10n.t("What shall it train on?"),
  });
  return chosen && chosen === forGpu;
}

/** Whether an engine could work here, were it fetched; that for GPUs only where there is one. */
export function canInstall({ name, remedy }: EngineLine): boolean {
  return name !== "wasm" && remedy === installRemedies[name];
}

/** `revgan.chooseGpu`: which of several GPUs computes, by nvidia-smi's number, or null for the last one. Asks where none is given. */
export async function chooseGpu(services: Services, gpu?: number | null): Promise<number | null | undefined> {
  const chosen = gpu === undefined ? await pickGpu(services) : gpu;
  if (chosen !== undefined) await changeSetting("gpu", chosen === null ? "" : String(chosen));
  return chosen;
}

async function pickGpu(services: Services): Promise<number | null | undefined> {
  const line = (await status(services)).find(({ name }) => name === "native-gpu");
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

/** How much of a GPU's memory all programs hold. */
export function usedText({ usedBytes, totalBytes }: NonNullable<EngineLine["gpus"]>[number]): string {
  return vscode.l10n.t("{0} of {1} in use", megabytes(usedBytes), megabytes(totalBytes));
}

/** `revgan.removeEngine`: deletes what was fetched. */
export async function removeEngine(services: Services): Promise<EngineLine[]> {
  return withProgress(vscode.l10n.t("Removing TensorFlow"), (_, signal) => engine(services, ["remove"], signal));
}

/** The line of each engine, the fastest first. */
export function status(services: Services): Promise<EngineLine[]> {
  return withProgress(vscode.l10n.t("Looking at the engines"), (_, signal) => engine(services, ["status"], signal));
}

async function engine(
  { places, log }: Services,
  args: readonly string[],
  signal: AbortSignal,
  report?: Report,
): Promise<EngineLine[]> {
  const lines: EngineLine[] = [];
  const onLine = (line: Line): void => {
    if (line.type === "engine") lines.push(line);
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
    cwd: places.home,
    env: trainerEnvironment(),
    onLine,
    onText: (text) => log.info(text),
    signal,
  });
  return lines;
}

/** Of a processor or a GPU, for people. */
export function megabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.round(bytes / 1e6)} MB`;
}
