import type { PanelAction, RunSummary, ShownState } from "../../extension/protocol/panel";
import type { IconName } from "../ui/icons";
import { locale } from "../ui/locale";
import { t } from "../ui/text";

/** How a state is called and drawn. */
export function stateWord(state: ShownState): { readonly word: string; readonly icon: IconName } {
  switch (state) {
    case "queued":
      return { word: t("Waiting for another run"), icon: "clock" };
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

/** What a button says; null for actions that have none of this kind. */
export function actionWord(action: PanelAction): { readonly word: string; readonly icon: IconName } | null {
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
    case "installEngine":
      return { word: t("Install Engine"), icon: "download" };
    case "deleteRun":
    case "evaluate":
    case "measureMemory":
    case "cancelMeasurement":
      return null;
  }
}

/** What a run is doing from the moment that it was asked to, before it says so itself; null for actions that do not change a run. */
export function askedWord(action: PanelAction): string | null {
  const words: Partial<Record<PanelAction, string>> = {
    pause: t("Pausing…"),
    resume: t("Resuming…"),
    stop: t("Stopping…"),
    resumeFromCheckpoint: t("Starting…"),
  };
  return words[action] ?? null;
}

/** A whole number with the separators of the user's language. */
export function whole(value: number): string {
  return value.toLocaleString(locale());
}

/** The engine and what it runs on. */
export function engineWords(engine: NonNullable<RunSummary["engine"]>): string {
  const names: Readonly<Record<string, string>> = {
    native: "TensorFlow",
    "native-gpu": t("TensorFlow on the GPU"),
    wasm: "WebAssembly",
  };
  const name = names[engine.name] ?? engine.name;
  return engine.device === null ? name : `${name} · ${engine.device}`;
}

/** "640 of 2,560"; only the first where the end is not known. */
export function progressWords(done: number, end: number | null): string {
  return end === null ? whole(done) : t("{0} of {1}", whole(done), whole(end));
}
