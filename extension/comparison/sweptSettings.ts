import { byValue, type DifferingSetting, idOf } from "./settings";

/** Runs with the same settings. `values` are those of the settings in which the compared runs differ, in the same order as these. */
interface Group {
  readonly values: readonly unknown[];
}

/**
 * The settings against which a figure can be plotted: those for which at least two groups differ in this setting only. Where several
 * settings change together, none of them alone explains a difference.
 */
export function sweptSettings(settings: readonly DifferingSetting[], groups: readonly Group[]): DifferingSetting[] {
  return settings.filter((_, at) => linesAlong(at, groups).some((line) => line.length > 1));
}

/**
 * Splits groups into lines, each with equal values of all settings but one, ascending by that setting. @param at the setting's index in
 * `values`
 */
export function linesAlong<G extends Group>(at: number, groups: readonly G[]): G[][] {
  const lines = new Map<string, G[]>();
  for (const group of groups) {
    const others = idOf(group.values.filter((_, i) => i !== at));
    lines.set(others, [...(lines.get(others) ?? []), group]);
  }
  return [...lines.values()].map((line) => line.sort((a, b) => byValue(a.values[at], b.values[at])));
}
