import type { Assignment } from "../../configuration/assignments";

/** The name of a trial that does not differ from the base. */
const plainName = "run";

/**
 * The name of a trial and of its run's folder: each key that the sweep sets, with the trial's value. Values that are added to a sweep later
 * change no name, so that the trained runs are found again.
 *
 * @param assignments of the trial
 * @param keys all keys that the sweep's trials set
 */
export function trialName(assignments: readonly Assignment[], keys: readonly string[]): string {
  const parts = assignments.map(({ key, value }) => `${labelOf(key, keys)}-${valueName(value)}`);
  return parts.length === 0 ? plainName : parts.join("_");
}

/** The key's last part, `depth` for `network.depth`; or the whole key, `network-depth`, where another key has the same last part. */
function labelOf(key: string, keys: readonly string[]): string {
  const last = lastPart(key);
  const isUnambiguous = keys.every((other) => other === key || lastPart(other) !== last);
  return isUnambiguous ? last : key.replaceAll(".", "-");
}

function lastPart(key: string): string {
  return key.slice(key.lastIndexOf(".") + 1);
}

/** A value as part of a file's name: the last part of a path, the JSON text of lists and objects. */
function valueName(value: unknown): string {
  if (typeof value === "number") return String(value).replace("+", "");
  const text =
    typeof value === "string" ? (value.split(/[/\\]+/).findLast((part) => part !== "") ?? "") : JSON.stringify(value);
  return text.replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^[.-]+|[.-]+$/g, "");
}
