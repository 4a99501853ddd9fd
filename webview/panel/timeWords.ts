import { t } from "../ui/text";

/** Time left, in the two largest units that matter. */
export function timeLeft(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes < 1) return t("less than a minute left");
  if (minutes < 60) return t("{0} min left", minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? t("{0} h left", hours) : t("{0} h {1} min left", hours, minutes % 60);
  return hours % 24 === 0 ? t("{0} d left", hours / 24) : t("{0} d {1} h left", Math.floor(hours / 24), hours % 24);
}

/** Steps a second, or seconds a step where those are the larger number. */
export function speed(stepsPerSecond: number): string {
  if (!(stepsPerSecond > 0)) return "";
  if (stepsPerSecond >= 1) return t("{0} steps/s", short(stepsPerSecond));
  return t("{0} s/step", short(1 / stepsPerSecond));
}

function short(value: number): string {
  return value.toFixed(value >= 10 ? 0 : 1);
}
