import { expect, it } from "vitest";
import { configKeys, editDistance, nearestKey } from "../../../extension/configuration/keys";

it.each([
  ["depht", "depth", 1],
  ["depth", "depth", 0],
  ["Depth", "depth", 0],
  ["kitten", "sitting", 3],
  ["", "abc", 3],
])("%s is so far from %s: %d", (a, b, distance) => expect(editDistance(a, b)).toBe(distance));

it.each([
  ["width", "network.width"],
  ["network.layers", "network.discriminator.layers"],
  ["discriminator.width", "network.discriminator.width"],
  ["training.cropsize", "data.cropSize"],
  ["network.widht", "network.width"],
])("%s means %s", (unknown, known) => expect(nearestKey(unknown, configKeys().settings)).toBe(known));

it("a very long key is answered at once", () => {
  expect(configKeys().settings).toContain(nearestKey("x".repeat(1_000_000), configKeys().settings));
});
