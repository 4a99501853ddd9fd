import { expect, test } from "vitest";
import { memoryParts } from "../../../../extension/protocol/memoryParts";
import { partLabel, peakParts } from "../../../../webview/memory/peakParts";
import { stepLines } from "../../../webview/support/runs";

const { bytes } = stepLines(1, 1)[0]!;

test("the parts stand in their order, sum to the peak, and each begins where the one before ends", () => {
  const shown = peakParts(bytes);
  expect(shown.map(({ part }) => part)).toEqual(memoryParts);
  expect(shown.reduce((sum, part) => sum + part.bytes, 0)).toBe(bytes.peak);
  let end = 0;
  for (const { start, share } of shown) {
    expect(start).toBeCloseTo(end, 12);
    end = start + share;
  }
  expect(end).toBeCloseTo(1, 12);
});

test("parts without bytes are left out", () => {
  const { core, ...others } = bytes.peakByPart;
  const shown = peakParts({ ...bytes, peak: bytes.peak - core, peakByPart: { ...others, core: 0 } });
  expect(shown.map(({ part }) => part)).toEqual(memoryParts.filter((part) => part !== "core"));
});

test("every part has a name of its own", () => {
  expect(new Set(memoryParts.map(partLabel)).size).toBe(memoryParts.length);
});
