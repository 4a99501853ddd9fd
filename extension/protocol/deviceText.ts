import type { Translator } from "./durations";

/**
 * The name of a device in the user's language. `device` is what the engine reports, for example `CPU (2 cores)`; names of GPUs are returned
 * unchanged.
 */
export function deviceText(device: string, l10n: Translator): string {
  const cores = /^CPU \((\d+) cores?\)$/.exec(device)?.[1];
  if (cores === undefined) return device;
  return cores === "1" ? l10n.t("CPU (1 core)") : l10n.t("CPU ({0} cores)", cores);
}
