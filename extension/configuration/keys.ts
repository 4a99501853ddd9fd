import type * as z from "zod/mini";
import { configSchema } from "./schema";

/** The keys of a configuration, by their dotted paths. */
export interface ConfigKeys {
  /** Every setting, for example `network.discriminator.width`; sections such as `network` are not among them. */
  readonly settings: readonly string[];
  /** The objects that hold settings. `data.folders` is a setting (it may be null) and a section. */
  readonly sections: readonly string[];
}

let collected: ConfigKeys | undefined;

/** The keys of the schema. Collected at the first call, because building the schema takes time. */
export function configKeys(): ConfigKeys {
  if (collected === undefined) {
    const settings: string[] = [];
    const sections: string[] = [];
    collectKeys(configSchema, "", settings, sections);
    collected = { settings, sections };
  }
  return collected;
}

function collectKeys(schema: z.core.$ZodType, path: string, settings: string[], sections: string[]): void {
  let inner = schema;
  let nullable = false;
  for (;;) {
    const { def } = inner._zod as {
      def: {
        type: string;
        innerType?: z.core.$ZodType;
        getter?: () => z.core.$ZodType;
        shape?: Record<string, z.core.$ZodType>;
      };
    };
    nullable ||= def.type === "nullable";
    const wrapped = def.innerType ?? def.getter?.();
    if (wrapped === undefined) {
      if (def.shape === undefined || nullable) settings.push(path);
      if (def.shape === undefined) return;
      if (path !== "") sections.push(path);
      for (const [name, child] of Object.entries(def.shape)) {
        if (!name.startsWith("$")) collectKeys(child, path === "" ? name : `${path}.${name}`, settings, sections);
      }
      return;
    }
    inner = wrapped;
  }
}

/**
 * The known key that is nearest to an unknown one.
 *
 * @param unknown dotted path of the unknown key
 * @param known dotted paths of all keys
 */
export function nearestKey(unknown: string, known: readonly string[]): string {
  let best = known[0] ?? "";
  let least = Infinity;
  for (const key of known) {
    const distance = keyDistance(unknown, key);
    if (distance < least) [best, least] = [key, distance];
  }
  return best;
}

/**
 * The distance between two dotted paths. A correct name in a wrong section counts as nearer than a misspelt name in the correct section.
 * Nearest is a key of which `unknown` is the end, as `discriminator.width` of `network.discriminator.width`.
 */
function keyDistance(unknown: string, key: string): number {
  if (key.toLowerCase().endsWith(`.${unknown.toLowerCase()}`)) return 0.25 + sectionOf(key).length / 1000;
  const sameSection = sectionOf(unknown) === sectionOf(key);
  const byName = editDistance(nameOf(unknown), nameOf(key)) + (sameSection ? 0 : 0.5);
  return Math.min(byName, editDistance(unknown, key));
}

const nameOf = (path: string) => path.slice(path.lastIndexOf(".") + 1);
const sectionOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf(".")));

/**
 * The least number of insertions, deletions, replacements and swaps of neighbouring letters that turn one word into the other, ignoring
 * case.
 */
export function editDistance(one: string, other: string): number {
  // Words are cut to 100 letters: the time is quadratic in the length, and a longer word is far from every key anyway.
  const a = one.toLowerCase().slice(0, 100);
  const b = other.toLowerCase().slice(0, 100);
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, replaced);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) cost = Math.min(cost, beforeLast[j - 2]! + 1);
      row.push(cost);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length]!;
}
