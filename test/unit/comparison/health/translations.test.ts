import { describe, expect, test } from "vitest";
import { constantHint, untranslatedHint } from "../../../../extension/comparison/health/translations";
import { runOf, validationsOf } from "./support";

describe("translations that are all alike", () => {
  const spreads = (...values: number[]) => validationsOf(values.map((spread) => ({ spread, realSpread: 40 })));

  test("are told from the first validation on that says so, once 200 steps or a tenth of the training say so", () => {
    const validations = spreads(30, 1.9, 1.9, 1.5);
    expect(constantHint(runOf({ validations: validations.slice(0, 3) }))).toBeNull();
    expect(constantHint(runOf({ validations }))).toEqual({
      kind: "constantOutput",
      direction: "AtoB",
      since: 200,
      spread: 1.5,
      realSpread: 40,
    });
    expect(constantHint(runOf({ validations, lastStep: 2001 }))).toBeNull();
  });

  test("are those with less than a twentieth of the real pictures' spread, at every validation", () => {
    expect(constantHint(runOf({ validations: spreads(2, 2, 2) }))).toBeNull();
    expect(constantHint(runOf({ validations: spreads(1.99, 1.99, 1.99) }))?.since).toBe(100);
    expect(constantHint(runOf({ validations: spreads(1, 1, 30, 1, 1) }))).toBeNull();
    expect(constantHint(runOf({ validations: spreads(1, 1, 1, 1, 30) }))).toBeNull();
  });

  test("are not told of runs that lack the figures, or whose real pictures are all the same", () => {
    expect(constantHint(runOf({ validations: validationsOf([{ mae: 9 }, { mae: 9 }, { mae: 9 }]) }))).toBeNull();
    const same = { spread: 0, realSpread: 0 };
    expect(constantHint(runOf({ validations: validationsOf([same, same, same]) }))).toBeNull();
    expect(constantHint(runOf({}))).toBeNull();
  });
});

describe("a perfect way back from translations that are none", () => {
  /** The loss whose error is so much of 255, at the default weight of 10. */
  const cycle = (error: number) => ({ steps: 400, losses: () => ({ cycle_A: (error / 127.5) * 10 }) });
  const distances = (value: number, plain: number) =>
    validationsOf(
      Array.from({ length: 3 }, () => ({ slicedWasserstein: value, slicedWassersteinUntranslated: plain })),
    );

  test("is told with the error of the way back, of 255, and the distances", () => {
    expect(untranslatedHint(runOf({ ...cycle(2), validations: distances(9, 10) }))).toEqual({
      kind: "untranslated",
      direction: "AtoB",
      since: 100,
      cycle: expect.closeTo(2, 5) as number,
      metric: "slicedWasserstein",
      value: 9,
      plain: 10,
    });
  });

  test("needs an error of at most 5, and translations that are hardly closer than the input", () => {
    expect(untranslatedHint(runOf({ ...cycle(4.99), validations: distances(9, 10) }))).not.toBeNull();
    expect(untranslatedHint(runOf({ ...cycle(5.01), validations: distances(9, 10) }))).toBeNull();
    expect(untranslatedHint(runOf({ ...cycle(2), validations: distances(8.9, 10) }))).toBeNull();
    // Domains that look alike.
    expect(untranslatedHint(runOf({ ...cycle(2), validations: distances(4.9, 4.9) }))).toBeNull();
  });

  test("with pairs, translations are none that one plain colour beats", () => {
    const errors = (mae: number) => validationsOf(Array.from({ length: 3 }, () => ({ mae, constantMae: 30 })));
    expect(untranslatedHint(runOf({ ...cycle(2), validations: errors(30) }))).toMatchObject({ value: 30, plain: 30 });
    expect(untranslatedHint(runOf({ ...cycle(2), validations: errors(29.9) }))).toBeNull();
  });

  test("is not told before there are losses or validations of it", () => {
    expect(untranslatedHint(runOf({ ...cycle(2), steps: 399, validations: distances(9, 10) }))).toBeNull();
    expect(untranslatedHint(runOf({ ...cycle(2) }))).toBeNull();
    expect(untranslatedHint(runOf({ steps: 400, validations: distances(9, 10) }))).toBeNull();
  });
});
