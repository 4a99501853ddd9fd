import { expect, test } from "vitest";
import { risingHint } from "../../../../extension/comparison/health/trend";
import { runOf, validationsOf } from "./support";

const errors = (...values: number[]) => validationsOf(values.map((mae) => ({ mae })));
const paired = (...values: number[]) => risingHint(runOf({ mode: "paired", validations: errors(...values) }));

test("a validation error that has risen by a tenth of its best is told, by medians of three", () => {
  expect(paired(30, 20, 10, 10, 10, 10, 10.5, 11, 11, 11)).toEqual({
    kind: "validationRises",
    since: 300,
    metric: "mae",
    best: 10,
    latest: 11,
  });
  expect(paired(30, 20, 10, 10, 10, 10, 10.5, 10.9, 10.9, 10.9)).toBeNull();
});

test("one bad or good validation is no trend, and neither are two bad ones", () => {
  expect(paired(30, 20, 10, 10, 10, 10, 10, 40)).toBeNull();
  expect(paired(20, 20, 5, 20, 20, 20, 20, 20)).toBeNull();
  expect(paired(30, 20, 10, 10, 10, 20, 20)).toBeNull();
  expect(paired(30, 20, 10, 10, 10, 20, 20, 20)).not.toBeNull();
});

test("it must rise by more than validations waver", () => {
  expect(paired(13, 10, 13, 10, 13, 10, 13, 13, 13)).toBeNull();
  expect(paired(10.1, 10, 10.1, 10, 10.1, 10, 13, 13, 13)?.latest).toBe(13);
});

test("it must have been long enough ago", () => {
  const validations = errors(10, 10, 10, 12, 12, 12);
  expect(risingHint(runOf({ mode: "paired", validations, lastStep: 4000 }))?.since).toBe(200);
  expect(risingHint(runOf({ mode: "paired", validations, lastStep: 4010 }))).toBeNull();
});

test("validations on other pictures do not count", () => {
  const other = validationsOf([{ mae: 1 }, { mae: 1 }, { mae: 1 }], { split: "test" });
  const since = errors(1, 1, 1, 10, 10, 10, 10)
    .slice(3)
    .map((line) => ({ ...line, split: "val" as const }));
  expect(risingHint(runOf({ mode: "paired", validations: [...other, ...since] }))).toBeNull();
});

test("without pairs, distances between sets must rise by a quarter, and errors against the truth say nothing", () => {
  const distances = (...values: number[]) =>
    risingHint(runOf({ validations: validationsOf(values.map((slicedWasserstein) => ({ slicedWasserstein }))) }));
  expect(distances(10, 10, 10, 12.4, 12.4, 12.4)).toBeNull();
  expect(distances(10, 10, 10, 12.5, 12.5, 12.5)).toMatchObject({ metric: "slicedWasserstein", latest: 12.5 });
  expect(risingHint(runOf({ validations: errors(10, 10, 10, 20, 20, 20) }))).toBeNull();
});
