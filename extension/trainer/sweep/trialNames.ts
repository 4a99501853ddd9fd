import type { Assignment } from "../../configuration/assignments";

/** The name of a trial with which nothing differs from the base. */
const plainName = "run";

/**
 * What a trial is called, and its run's folder: each key that the sweep sets, with its value. Values added to a sweep later change no name,
 * so that the trained runs are found again.
 *
 * @param assignments of the trial
 * @param keys that any trial of the sweep sets
 */
export function trialName(assignments: readonly Assignment[], keys: readonly string[]): string {
  const parts = assignments.map(({ key, value }) => `${labelOf(key, keys)}-${valueName(value)}`);
  return parts.length === 0 ? plainName : parts.join("_");
}

/** `depth` of `network.depth`, or `network-depth` where another key of the sweep has the same last part. */
function labelOf(key: string, keys: readonly string[]): string {
  const last = lastPart(key);
  const isUnambiguous = keys.every((other) => other === key || lastPart(other) !== last);
  return isUnambiguous ? last : key.replaceAll(".", "-");
}

function lastPart(key: string): string {
  return key.slice(key.lastIndexOf(".") + 1);
}

/** A value in a file's name: of a path the last part, of lists and objects what is in them. */
function valueName(value: unknown): string {
  if (typeof value === "number") return String(value).replace("+", "");
  const text =
    typeof value === "string" ? (value.split(/[/\\]+/).findLast((part) => part !== "") ?? "") : JSON.stringify(value);
  return text.replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^[.-]+|[.-]+$/g, "");
}
