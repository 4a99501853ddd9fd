import { expect, test } from "vitest";
import { seededRandom } from "../../../extension/trainer/random";
import { Confusion } from "../../../extension/trainer/evaluate/confusion";

/** Counted class by class and pixel by pixel, straight from the definitions, without a matrix. */
function counted(
  truth: readonly number[],
  found: readonly number[],
  classes: number,
): { pixelAccuracy: number; classAccuracy: number; classIoU: number } {
  const count = (holds: (truth: number, found: number) => boolean): number =>
    truth.filter((t, i) => holds(t, found[i]!)).length;
  const [accuracies, overlaps]: [number[], number[]] = [[], []];
  for (let c = 0; c < classes; c++) {
    const [both, either, ofClass] = [
      count((t, f) => t === c && f === c),
      count((t, f) => t === c || f === c),
      count((t) => t === c),
    ];
    if (ofClass > 0) accuracies.push(both / ofClass);
    if (either > 0) overlaps.push(both / either);
  }
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    pixelAccuracy: count((t, f) => t === f) / truth.length,
    classAccuracy: mean(accuracies),
    classIoU: mean(overlaps),
  };
}

test.each([
  { classes: 2, pixels: 50 },
  { classes: 7, pixels: 4000 },
  { classes: 19, pixels: 30 },
])(
  "label metrics of $pixels pixels in $classes classes are those of a direct count, over any number of pictures",
  ({ classes, pixels }) => {
    const draw = seededRandom(0, "confusion", classes);
    // One class that only the truth has, one that only the translation has, and some that nobody has.
    const truth = Array.from({ length: pixels }, () => draw.integer(classes - 1));
    const found = truth.map((value) => (draw.uniform() < 0.6 && value !== 0 ? value : 1 + draw.integer(classes - 1)));
    const confusion = new Confusion(classes);
    for (let at = 0; at < pixels; at += 13)
      confusion.add(Uint16Array.from(truth.slice(at, at + 13)), Uint16Array.from(found.slice(at, at + 13)));
    expect(confusion.metrics()).toEqual(counted(truth, found, classes));
  },
);

test("a class that occurs nowhere has no part in the means, and before the first pixel there are none", () => {
  const confusion = new Confusion(100);
  expect(confusion.metrics()).toBeNull();
  confusion.add(Uint16Array.of(3, 3, 4), Uint16Array.of(3, 4, 4));
  // Of 3 one of two is right, of 4 the one; 3: one of two pixels in either map, 4: one of two.
  expect(confusion.metrics()).toEqual({ pixelAccuracy: 2 / 3, classAccuracy: 0.75, classIoU: 0.5 });
});
