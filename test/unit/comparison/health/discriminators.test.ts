import { describe, expect, test } from "vitest";
import { discriminatorHint } from "../../../../extension/comparison/health/discriminators";
import { runOf } from "./support";

const unpaired = (D_A: number, G_A: number, D_B = 0.2, G_B = 0.4): Record<string, number> => ({ D_A, G_A, D_B, G_B });

describe("a discriminator that has won", () => {
  test("is told with its figures after the first 200 steps and 200 more, or a tenth of the training", () => {
    const won = { losses: () => unpaired(0.0399, 0.81) };
    expect(discriminatorHint(runOf({ ...won, steps: 399 }))).toBeNull();
    const hint = discriminatorHint(runOf({ ...won, steps: 400 }));
    expect(hint).toMatchObject({
      kind: "discriminatorWon",
      direction: "AtoB",
      steps: 200,
      generator: expect.closeTo(0.81, 5) as number,
    });
    expect(hint!.discriminator).toBeCloseTo(0.0399, 6);
    const long = { ...won, lastStep: 10_000 };
    expect(discriminatorHint(runOf({ ...long, steps: 1199 }))).toBeNull();
    expect(discriminatorHint(runOf({ ...long, steps: 1200 }))).toMatchObject({ steps: 1000 });
  });

  test.each([
    ["a higher loss of its own", unpaired(0.0401, 1)],
    ["a lower one of the generator", unpaired(0.01, 0.7999)],
    ["no adversarial loss at all", { cycle_A: 1 }],
  ])("is not told with %s", (_, losses) => {
    expect(discriminatorHint(runOf({ losses: () => losses, steps: 600 }))).toBeNull();
  });

  test("must be so in both halves of the latest steps, whatever single steps say, and is forgotten when it ends", () => {
    const wavering = (i: number): Record<string, number> => unpaired(i % 2 === 0 ? 0.07 : 0, i % 2 === 0 ? 0.3 : 1.5);
    expect(discriminatorHint(runOf({ losses: wavering, steps: 400 }))).toMatchObject({ kind: "discriminatorWon" });
    // The mean of all is low enough, that of the second half is not.
    const ending = (i: number): Record<string, number> => (i > 300 ? unpaired(0.05, 1) : unpaired(0, 1));
    expect(discriminatorHint(runOf({ losses: ending, steps: 400 }))).toBeNull();
  });

  test("is found in the other direction, too", () => {
    expect(discriminatorHint(runOf({ losses: () => unpaired(0.2, 0.4, 0.01, 0.9), steps: 400 }))).toMatchObject({
      direction: "BtoA",
      generator: expect.closeTo(0.9, 5) as number,
    });
  });

  test("is told of pairs only while the adversarial loss counts beside L1", () => {
    const paired = (G_L1_B: number): Record<string, number> => ({ D_AB: 0.0999, G_AB: 4, G_L1_B, D_BA: 1, G_BA: 1 });
    const of = (l1: number): unknown =>
      discriminatorHint(runOf({ mode: "paired", losses: () => paired(l1), steps: 400 }))?.kind;
    expect(of(40)).toBe("discriminatorWon");
    expect(of(40.1)).toBeUndefined();
  });

  test("of pix2pix adds its two losses", () => {
    const of = (D_real: number): unknown =>
      discriminatorHint(
        runOf({ mode: "paired", kind: "pix2pix", losses: () => ({ D_real, D_fake: 0.07, G_GAN: 5 }), steps: 400 }),
      )?.kind;
    expect(of(0.02)).toBe("discriminatorWon");
    expect(of(0.04)).toBeUndefined();
  });
});

describe("a discriminator that tells nothing apart", () => {
  test("has the losses of guessing in nine of ten steps, and so has the generator", () => {
    const of = (others: number, guess = unpaired(0.26, 0.24)): unknown =>
      discriminatorHint(runOf({ losses: (i) => (i % 100 < others ? unpaired(0.2, 0.4) : guess), steps: 400 }))?.kind;
    expect(of(10)).toBe("discriminatorGuesses");
    expect(of(11)).toBeUndefined();
    expect(of(0, unpaired(0.26, 0.3))).toBeUndefined();
    expect(of(0, unpaired(0.27, 0.25))).toBeUndefined();
  });

  test("varies when it is at work, though its mean may be that of guessing", () => {
    const atWork = (i: number): Record<string, number> =>
      unpaired(i % 2 === 0 ? 0.15 : 0.35, i % 2 === 0 ? 0.15 : 0.35);
    expect(discriminatorHint(runOf({ losses: atWork, steps: 600 }))).toBeNull();
  });

  test("of pairs guesses by cross-entropy", () => {
    const losses = { D_AB: 1.39, G_AB: 0.69, D_BA: 1, G_BA: 1 };
    expect(discriminatorHint(runOf({ mode: "paired", losses: () => losses, steps: 400 }))?.kind).toBe(
      "discriminatorGuesses",
    );
  });
});
