/*
 * What the tests of the GPU take of Vitest, on Node's own test runner: a bundle for another machine needs no packages for them then. Of the
 * engines there is only webgpu.
 */
import { AssertionError } from "node:assert";
import { after, afterEach, before, beforeEach, describe as nodeDescribe, it as nodeIt } from "node:test";
import { format, isDeepStrictEqual } from "node:util";

export { before as beforeAll, after as afterAll, afterEach, beforeEach };

type Body = (...values: never[]) => unknown;
type Add = (title: string, body: () => unknown) => void;

/** `%s`, `%i` by position, `$name` by key. */
function titleOf(title: string, values: readonly unknown[]): string {
  const keys = Object(values[0]) as Record<string, unknown>;
  const named = title.replace(/\$(\w+)/g, (_, key: string) => String(keys[key]));
  const places = (named.match(/%[sidj]/g) ?? []).length;
  return format(named, ...values.slice(0, places));
}

function each(add: Add, rows: readonly unknown[]): (title: string, body: Body) => void {
  return (title, body) => {
    for (const row of rows) {
      const values = Array.isArray(row) ? row : [row];
      add(titleOf(title, values), () => body(...(values as never[])));
    }
  };
}

const addGroup: Add = (title, body) => {
  if (!/native|wasm/.test(title)) void nodeDescribe(title, () => void body());
};
const addTest: Add = (title, body) =>
  void nodeIt(title, async () => {
    await body();
  });
const ignore: Add = () => undefined;

export const describe = Object.assign(addGroup, {
  each: (rows: readonly unknown[]) => each(addGroup, rows),
  runIf: (isWanted: boolean) => (isWanted ? addGroup : ignore),
});

export const it = Object.assign(addTest, {
  each: (rows: readonly unknown[]) => each(addTest, rows),
  /** The body also gets a context, as Vitest's. */
  for: (rows: readonly unknown[]) => (title: string, body: Body) =>
    each(addTest, rows)(title, (value) => body(value, { task: { meta: {} } } as never)),
});

function holds(actual: unknown, expected: object): boolean {
  return Object.entries(expected).every(([key, value]) =>
    isDeepStrictEqual((actual as Record<string, unknown>)[key], value),
  );
}

function throwsAs(call: unknown, wanted: unknown): boolean {
  try {
    (call as () => unknown)();
    return false;
  } catch (error) {
    if (wanted === undefined) return true;
    return typeof wanted === "string"
      ? (error as Error).message.includes(wanted)
      : error instanceof (wanted as new () => Error);
  }
}

const matchers = {
  toBe: (actual: unknown, wanted: unknown) => Object.is(actual, wanted),
  toEqual: (actual: unknown, wanted: unknown) => isDeepStrictEqual(actual, wanted),
  toBeCloseTo: (actual: unknown, wanted: unknown, digits = 2) =>
    Math.abs(Number(actual) - Number(wanted)) < 10 ** -Number(digits) / 2,
  toBeGreaterThan: (actual: unknown, wanted: unknown) => Number(actual) > Number(wanted),
  toBeLessThan: (actual: unknown, wanted: unknown) => Number(actual) < Number(wanted),
  toBeLessThanOrEqual: (actual: unknown, wanted: unknown) => Number(actual) <= Number(wanted),
  toContain: (actual: unknown, wanted: unknown) => String(actual).includes(String(wanted)),
  toMatch: (actual: unknown, wanted: unknown) => (wanted as RegExp).test(String(actual)),
  toMatchObject: (actual: unknown, wanted: unknown) => holds(actual, wanted as object),
  toThrow: throwsAs,
} satisfies Record<string, (actual: unknown, wanted: unknown, more?: unknown) => boolean>;

type Matchers = Record<keyof typeof matchers, (wanted?: unknown, more?: unknown) => void>;

export function expect(actual: unknown, note = ""): Matchers & { readonly not: Matchers } {
  const checks = (isWanted: boolean): Matchers =>
    Object.fromEntries(
      Object.entries(matchers).map(([name, matches]) => [
        name,
        (wanted?: unknown, more?: unknown) => {
          if (matches(actual, wanted, more) !== isWanted)
            throw new AssertionError({ message: `${note} ${isWanted ? "" : "not "}${name}`, actual, expected: wanted });
        },
      ]),
    ) as Matchers;
  return Object.assign(checks(true), { not: checks(false) });
}
