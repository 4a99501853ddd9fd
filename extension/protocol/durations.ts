/** Translates the interface's texts, replacing `{0}`, `{1}`… by `values`: VS Code's `l10n`, or the webview's own. */
export interface Translator {
  t(text: string, ...values: (string | number)[]): string;
}

/** Returns the English text itself, for programs that are not translated: the command line and the demo. */
export const english: Translator = {
  t: (text, ...values) => text.replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)] ?? "")),
};

/** A duration in its one or two largest units: "40 s", "3 min", "2 h 5 min", "1 d 3 h". */
export function durationText(seconds: number, l10n: Translator): string {
  const minutes = Math.round(seconds / 60);
  if (seconds < 60) return l10n.t("{0} s", Math.round(seconds));
  if (minutes < 60) return l10n.t("{0} min", minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? l10n.t("{0} h", hours) : l10n.t("{0} h {1} min", hours, minutes % 60);
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? l10n.t("{0} d", days) : l10n.t("{0} d {1} h", days, hours % 24);
}

/** The remaining time of a training, rounded to minutes, so that the text does not change every second. */
export function timeLeftText(seconds: number, l10n: Translator): string {
  if (seconds < 30) return l10n.t("less than a minute left");
  return l10n.t("{0} left", durationText(Math.max(60, seconds), l10n));
}
