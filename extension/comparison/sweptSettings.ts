import { byValue, type DifferingSetting, idOf } from "./settings";

/** Runs with the same settings; their values are those of the differing settings, in their order. */
interface Group {
  readonly values: readonly unknown[];
}

/**
 * The settings that were varied alone: what a figure can be shown against. Somewhere two groups differ in one of them and in nothing else;
 * where several change together, none of them explains a difference.
 */
export function sweptSettings(settings: readonly DifferingSetting[], groups: readonly Group[]): DifferingSetting[] {
  return settings.filter((_, at) => linesAlong(at, groups).some((line) => line.length > 1));
}

/** Splits groups into lines along a setting, ascending: in each, all other settings are equal. @param at the setting's place */
export function linesAlong<G extends Group>(at: number, groups: readonly G[]): G[][] {
  const lines = new Map<string, G[]>();
  for (const group of groups) {
    const others = idOf(group.values.filter((_, i) => i !== at));
    lines.set(others, [...(lines.get(others) ?? []), group]);
  }
  return [...lines.values()].map((line) => line.sort((a, b) => byValue(a.values[at], b.values[at])));
}
