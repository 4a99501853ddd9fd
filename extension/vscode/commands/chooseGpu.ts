import * as vscode from "vscode";
import { RevganError } from "../../protocol/errors";
import type { EngineLine } from "../../protocol/lines";
import { changeSetting } from "../readSetting";
import { engineLines, installOffers, megabytes } from "./engines";
import type { Services } from "./services";

/** A GPU that at least one engine lists, as an entry of a menu. */
export interface KnownGpu {
  readonly label: string;
  /** The GPU's memory, or its backend and driver. */
  readonly description: string;
  readonly detail?: string;
  /** The value of the setting `revgan.gpu` that selects this GPU. */
  readonly value: string;
}

/**
 * `revgan.chooseGpu`: sets which GPU is used, by number or name; null for any. Without an argument the user picks. @returns the choice;
 * undefined when the user picks none
 */
export async function chooseGpu(
  services: Services,
  gpu?: number | string | null,
): Promise<number | string | null | undefined> {
  const chosen = gpu === undefined ? await pickGpu(services) : gpu;
  if (chosen !== undefined) await changeSetting("gpu", String(chosen ?? ""));
  return chosen;
}

async function pickGpu(services: Services): Promise<string | null | undefined> {
  const lines = await engineLines(services);
  const gpus = gpusOf(lines);
  if (gpus.length === 0) throw noGpu(lines);
  const items: readonly (vscode.QuickPickItem & { readonly value: string | null })[] = [
    { label: vscode.l10n.t("Any"), detail: vscode.l10n.t("the engine takes one with memory of its own"), value: null },
    ...gpus,
  ];
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t("Choose GPU"),
    placeHolder: vscode.l10n.t("Trainings that start from now on use it"),
  });
  return chosen?.value;
}

/**
 * The error when no GPU was found. If the WebGPU engine, which also finds GPUs of other makers, is not installed, the remedy is to install
 * it.
 */
function noGpu(lines: readonly EngineLine[]): RevganError {
  const offer = installOffers(lines).find(({ line }) => line.name === "webgpu");
  if (offer !== undefined)
    return new RevganError(
      "engine",
      vscode.l10n.t("no GPU of NVIDIA's was found"),
      vscode.l10n.t("install the engine that finds others: {0}", offer.action),
    );
  const line = lines.find(({ name, reason }) => name === "webgpu" && reason !== null) ?? lines[0];
  return new RevganError("engine", line?.reason ?? "no GPU was found", line?.remedy ?? "");
}

/** The GPUs of all engines, each once: TensorFlow's by number and name, then those that only WebGPU reaches. */
export function gpusOf(lines: readonly EngineLine[]): KnownGpu[] {
  const nvidia = lines.flatMap(({ gpus = [] }) => gpus);
  const names = new Set(nvidia.map(({ name }) => name));
  const adapters = lines.flatMap(({ adapters: found = [] }) => found).filter(({ name }) => !names.has(name));
  return [
    ...nvidia.map((gpu) => ({
      label: `${gpu.index}: ${gpu.name}`,
      description: vscode.l10n.t("{0} of {1} in use", megabytes(gpu.usedBytes), megabytes(gpu.totalBytes)),
      value: settingFor(gpu, nvidia),
    })),
    ...adapters.map((gpu) => ({
      label: gpu.name,
      description: [gpu.backend, gpu.driver].filter((each) => each !== "").join(", "),
      detail:
        gpu.kind === "software"
          ? vscode.l10n.t("the processor, which acts as a GPU")
          : vscode.l10n.t("tensors of up to {0}", megabytes(gpu.tensorBytes)),
      value: settingFor(gpu, adapters),
    })),
  ];
}

/** The setting's value for a GPU: its name, which every engine understands, or its number if several GPUs have that name. */
function settingFor(
  gpu: { readonly index: number; readonly name: string },
  all: readonly { readonly name: string }[],
): string {
  return all.filter(({ name }) => name.includes(gpu.name)).length === 1 ? gpu.name : String(gpu.index);
}
