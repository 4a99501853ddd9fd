import type { Translator } from "./durations";

/** A device for people, from what an engine calls it, for example `CPU (2 cores)`. GPUs have names of their own. */
export function deviceText(device: string, l10n: Translator): string {
  const cores = /^CPU \((\d+) cores?\)$/.exec(device)?.[1];
  if (cores === undefined) return device;
  return cores === "1" ? l10n.t("CPU (1 core)") : l10n.t("CPU ({0} cores)", cores);
}
