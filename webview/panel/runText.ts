import type { Config } from "../../extension/configuration/config";
import { domainNames } from "../../extension/configuration/domainNames";
import { deviceText } from "../../extension/protocol/deviceText";
import { timeLeftText } from "../../extension/protocol/durations";
import type { PanelAction, RunSummary, ShownState } from "../../extension/protocol/panel";
import type { IconName } from "../ui/icons";
import { l10n, locale, t } from "../ui/text";

/** The displayed text and icon of a run's state. */
export function stateLabel(state: ShownState): { readonly word: string; readonly icon: IconName } {
  switch (state) {
    case "queued":
      return { word: t("Queued"), icon: "clock" };
    case "starting":
      return { word: t("Starting…"), icon: "busy" };
    case "running":
      return { word: t("Training"), icon: "busy" };
    case "paused":
      return { word: t("Paused"), icon: "pause" };
    case "stopping":
      return { word: t("Stopping…"), icon: "busy" };
    case "stopped":
      return { word: t("Stopped"), icon: "circle" };
    case "finished":
      return { word: t("Finished"), icon: "passed" };
    case "failed":
      return { word: t("Failed"), icon: "error" };
    case "interrupted":
      return { word: t("Interrupted"), icon: "broken" };
  }
}

/** Whether the run has ended: no process trains it, and none is about to. */
export function hasEnded({ state }: RunSummary): boolean {
  return state === "stopped" || state === "finished" || state === "failed" || state === "interrupted";
}

/** The text and icon of an action's button; null for actions without one. */
export function actionLabel(action: PanelAction): { readonly word: string; readonly icon: IconName } | null {
  switch (action) {
    case "pause":
      return { word: t("Pause"), icon: "pause" };
    case "resume":
      return { word: t("Resume"), icon: "play" };
    case "stop":
      return { word: t("Stop"), icon: "stop" };
    case "resumeFromCheckpoint":
      return { word: t("Resume from Checkpoint"), icon: "restart" };
    case "revealRun":
      return { word: t("Reveal Run Folder"), icon: "folder" };
    case "showLog":
      return { word: t("Show Log"), icon: "log" };
    case "openPanel":
      return { word: t("Open Panel"), icon: "panel" };
    case "newRun":
      return { word: t("New Run…"), icon: "add" };
    case "trySampleData":
      return { word: t("Try with Sample Data"), icon: "beaker" };
    case "showExample":
      return { word: t("Show Example"), icon: "picture" };
    case "installEngine":
      return { word: t("Install Engine"), icon: "download" };
    case "translatePicture":
      return { word: t("Translate a Picture…"), icon: "picture" };
    case "evaluate":
      return { word: t("Evaluate"), icon: "evaluate" };
    case "trainFurther":
      return { word: t("Train Further…"), icon: "restart" };
    case "deleteRun":
    case "exportRun":
    case "measureMemory":
    case "cancelMeasurement":
      return null;
  }
}

/** The text to show as the state until the host confirms an action; null for actions that do not change the state. */
export function pendingWord(action: PanelAction): string | null {
  const words: Partial<Record<PanelAction, string>> = {
    pause: t("Pausing…"),
    resume: t("Resuming…"),
    stop: t("Stopping…"),
    resumeFromCheckpoint: t("Starting…"),
  };
  return words[action] ?? null;
}

/** Formats a whole number. */
export function wholeNumber(value: number): string {
  return value.toLocaleString(locale());
}

/** The displayed text for an engine and its device. */
export function engineText(engine: NonNullable<RunSummary["engine"]>): string {
  const names: Readonly<Record<string, string>> = {
    native: "TensorFlow",
    "native-gpu": t("TensorFlow on the GPU"),
    webgpu: "WebGPU",
    wasm: "WebAssembly",
  };
  const name = names[engine.name] ?? engine.name;
  return engine.device === null ? name : `${name} · ${deviceText(engine.device, l10n)}`;
}

/** The names of both domains: "tissue ⇄ labels"; null if they are just A and B. */
export function domainsTitle(config: Config): string | null {
  const { a, b } = domainNames(config);
  if (a === "A" && b === "B") return null;
  return config.network.kind === "pix2pix" ? t("{0} → {1}", a, b) : t("{0} ⇄ {1}", a, b);
}

/** The main settings of a training in one line: "paired · 64 × 64 · 4 blocks · width 16". */
export function configText({ mode, network, data }: Config): string {
  const kinds = { revgan: null, cyclegan: "CycleGAN", pix2pix: "pix2pix" } as const;
  const isVolumes = network.dimensions === 3;
  return [
    kinds[network.kind],
    mode === "paired" ? t("paired") : t("unpaired"),
    isVolumes ? t("volumes") : null,
    data.cropSize === null ? null : [data.cropSize].flat().join(" × "),
    network.depth === 1 ? t("1 block") : t("{0} blocks", wholeNumber(network.depth)),
    t("width {0}", network.width),
  ]
    .filter((part) => part !== null)
    .join(" · ");
}

/** Progress as "640 of 2,560"; only the first number if the end is unknown. */
export function progressText(done: number, end: number | null): string {
  return end === null ? wholeNumber(done) : t("{0} of {1}", wholeNumber(done), wholeNumber(end));
}

/** The text for a remaining time. @param seconds that are left */
export function timeLeft(seconds: number): string {
  return timeLeftText(seconds, l10n);
}

/** Steps per second, or seconds per step for slow runs. */
export function speed(stepsPerSecond: number): string {
  if (!(stepsPerSecond > 0)) return "";
  if (stepsPerSecond >= 1) return t("{0} steps/s", shortNumber(stepsPerSecond));
  return t("{0} s/step", shortNumber(1 / stepsPerSecond));
}

function shortNumber(value: number): string {
  return value.toFixed(value >= 10 ? 0 : 1);
}

/** A date and time in the user's language; empty for an invalid one. */
export function dateText(iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? "" : time.toLocaleString(locale(), { dateStyle: "medium", timeStyle: "short" });
}
