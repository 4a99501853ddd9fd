import type { ComparisonLine } from "../protocol/lines";
import { pathKeys } from "../configuration/paths";
import { runNames } from "./runNames";

/** The setting in which repetitions of the same training differ. */
const seedKey = "training.seed";

/** A setting in which compared runs differ. */
export interface DifferingSetting {
  /** The dotted key in `revgan.json`. */
  readonly key: string;
  /** The key in plain words: "Learning rate". */
  readonly name: string;
  /** Every value that occurs, once: numbers ascending, then strings and booleans, then lists and objects, then null. */
  readonly values: readonly unknown[];
  /** Whether all values are numbers, so that a chart can place them by value. */
  readonly isNumeric: boolean;
  /** The text of a value. Of a path, only the end that distinguishes it from the other values. @param value not null */
  readonly text: (value: unknown) => string;
}

/** The seed of a run; null where it has none or its settings are not known. */
export function seedOf({ settings }: ComparisonLine): number | null {
  const seed = settings?.[seedKey];
  return typeof seed === "number" ? seed : null;
}

/**
 * The settings, except the seed, in which runs differ, in the order of the configuration. Settings that no run's file has to contain are
 * left out: they differ only as a consequence of others, as `network.backprop` of a CycleGAN does.
 */
export function differingSettings(lines: readonly ComparisonLine[]): DifferingSetting[] {
  const told = lines.flatMap(({ settings, written }) => (settings === undefined ? [] : [{ settings, written }]));
  const written = new Set(told.flatMap((line) => line.written ?? []));
  return Object.keys(told[0]?.settings ?? {})
    .filter((key) => key !== seedKey && written.has(key))
    .map((key) => differingSetting(key, new Map(told.map(({ settings }) => [idOf(settings[key]), settings[key]]))))
    .filter(({ values }) => values.length > 1);
}

function differingSetting(key: string, byId: ReadonlyMap<string, unknown>): DifferingSetting {
  const values = [...byId.values()].sort(byValue);
  const paths = pathKeys.includes(key) ? values.filter((value) => typeof value === "string") : [];
  const shortened = new Map(runNames(paths).map((name, i) => [paths[i], name]));
  return {
    key,
    name: settingName(key),
    values,
    isNumeric: values.every((value) => typeof value === "number"),
    text: (value) => (typeof value === "string" ? (shortened.get(value) ?? value) : plainText(value)),
  };
}

/** A string that is equal for equal values, including lists and objects. */
export function idOf(value: unknown): string {
  return JSON.stringify([value]);
}

/** Compares two values of a setting for their order in a table or on an axis. */
export function byValue(one: unknown, other: unknown): number {
  const ranks = [rankOf(one), rankOf(other)] as const;
  if (ranks[0] !== ranks[1]) return ranks[0] - ranks[1];
  if (typeof one === "number" && typeof other === "number") return one - other;
  const [first, second] = [plainText(one), plainText(other)];
  return first < second ? -1 : first > second ? 1 : 0;
}

function rankOf(value: unknown): number {
  if (typeof value === "number") return 0;
  if (value === null || value === undefined) return 3;
  return typeof value === "object" ? 2 : 1;
}

/** A value as text: lists (sizes) as `256 × 128`, objects as their values separated by commas. */
function plainText(value: unknown): string {
  if (Array.isArray(value)) return value.map(plainText).join(" × ");
  if (typeof value === "object" && value !== null) return Object.values(value).map(plainText).join(", ");
  return String(value);
}

/** Names of settings for which {@link settingName} would not make a clear name from the key. */
const names: Readonly<Record<string, string>> = {
  "network.kind": "Network",
  "data.path": "Data",
  "data.a": "Data of A",
  "data.b": "Data of B",
  "data.names": "Names of A and B",
  "data.folders": "Folders of A and B",
  "training.init": "Starting weights",
  "training.initSkip": "Left out of the starting weights",
  "training.lambdaL1": "Lambda L1",
};

/** The name of a setting for users, for example "Discriminator width" for `network.discriminator.width`. */
function settingName(key: string): string {
  const parts = key.split(".");
  const words = (parts.length === 1 ? parts : parts.slice(1))
    .join(" ")
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return names[key] ?? `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
