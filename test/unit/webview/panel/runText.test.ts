import { expect, test } from "vitest";
import { speed, timeLeft } from "../../../../webview/panel/runText";

test.each([
  [0, "less than a minute left"],
  [29, "less than a minute left"],
  [30, "1 min left"],
  [12 * 60 + 20, "12 min left"],
  [59 * 60 + 40, "1 h left"],
  [2 * 3600 + 5 * 60, "2 h 5 min left"],
  [23 * 3600 + 59 * 60 + 40, "1 d left"],
  [75 * 3600, "3 d 3 h left"],
])("%i seconds are %s", (seconds, words) => {
  expect(timeLeft(seconds)).toBe(words);
});

test.each([
  [312.4, "312 steps/s"],
  [3.21, "3.2 steps/s"],
  [1, "1.0 steps/s"],
  [0.1, "10 s/step"],
  [0.4, "2.5 s/step"],
  [0, ""],
  [NaN, ""],
])("%f steps a second are '%s'", (stepsPerSecond, words) => {
  expect(speed(stepsPerSecond)).toBe(words);
});
