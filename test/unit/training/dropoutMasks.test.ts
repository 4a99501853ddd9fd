import { expect, it } from "vitest";
import { DropoutMasks } from "../../../extension/trainer/training/dropoutMasks";

function drawn(masks: DropoutMasks, step: number, count: number, passes: number): number[][] {
  masks.begin(step);
  return Array.from({ length: passes }, () => [...masks.next(count)]);
}

it("masks are 0 or 2, one about as often as the other", () => {
  const mask = drawn(new DropoutMasks(1), 1, 10_001, 1)[0]!;
  expect(new Set(mask)).toEqual(new Set([0, 2]));
  // Five standard deviations.
  expect(Math.abs(mask.filter((value) => value === 2).length - 5000)).toBeLessThan(250);
});

it("masks depend on the seed, the step and their place in it, and on nothing that was drawn before", () => {
  const masks = new DropoutMasks(1);
  const first = drawn(masks, 3, 100, 2);
  expect(first[1]).not.toEqual(first[0]);
  expect(drawn(masks, 4, 100, 5)[0]).not.toEqual(first[0]);
  expect(drawn(masks, 3, 100, 2)).toEqual(first);
  expect(drawn(new DropoutMasks(1), 3, 100, 2)).toEqual(first);
  expect(drawn(new DropoutMasks(2), 3, 100, 2)).not.toEqual(first);
});

it("are those of the whole batch, of which several processes each have their part", () => {
  const whole = drawn(new DropoutMasks(1), 3, 180, 2);
  const parts = [0, 1, 2].map((part) => drawn(new DropoutMasks(1, { part, parts: 3 }), 3, 60, 2));
  expect([0, 1].map((pass) => parts.flatMap((each) => each[pass]!))).toEqual(whole);
});

it("are the same of a translation, whichever process makes it", () => {
  const alone = drawn(new DropoutMasks(1), 0, 60, 2);
  expect(drawn(new DropoutMasks(1, { part: 2, parts: 3 }), 0, 60, 2)).toEqual(alone);
});
