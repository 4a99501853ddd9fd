import { expect, test } from "vitest";
import { sceneOf, type SceneCurve } from "../../../../../webview/charts/plot/scene";

const steps = Float64Array.of(1, 2, 3, 4, 5);
const curve = (colour: string, raw: Float32Array, smooth: Float32Array, faint = true): SceneCurve => ({
  curve: { steps, raw, smooth },
  stroke: { colour, width: 1, dash: [] },
  faint,
});
const [low, high] = [Float32Array.of(1, 1, 9, 1, 1), Float32Array.of(2, 2, 2, 2, 2)];

test("faint lines lie behind all others, and the first curve before all", () => {
  const { lines } = sceneOf(
    [curve("own", low, high), curve("other", low, high), curve("plain", low, high, false)],
    { min: 1, max: 5 },
    100,
    false,
  );
  expect(lines.map(({ stroke, faint }) => `${stroke.colour}${faint ? " faint" : ""}`)).toEqual([
    "other faint",
    "own faint",
    "plain",
    "other",
    "own",
  ]);
});

test("the height follows what is seen: a peak outside the range takes no room", () => {
  const whole = sceneOf([curve("own", low, low)], { min: 1, max: 5 }, 100, false);
  const part = sceneOf([curve("own", low, low)], { min: 4, max: 5 }, 100, false);
  expect(whole.y.max).toBeGreaterThan(9);
  expect(part.y.max).toBeLessThan(2);
});
