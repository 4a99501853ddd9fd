import { expect, test } from "vitest";
import { theoryOf } from "../../../../extension/host/theoryForPanel";
import { MemoryTheory } from "../../../../extension/trainer/memoryTheory/memoryTheory";
import { liveData, axisLimits, staticData, theoryDepths } from "../../../../webview/memory/chartData";
import { ChartAxes } from "../../../../webview/memory/chartAxes";
import { exampleConfig as config, stepLines } from "../../../webview/support/runs";

const step = stepLines(1, 1)[0]!;

test("the depths go from none to twice the network's, past the deepest measurement, and have both among them", () => {
  expect(theoryDepths({ generator: "resnet", depth: 4 }, [])).toEqual(Array.from({ length: 17 }, (_, depth) => depth));
  expect(theoryDepths({ generator: "resnet", depth: 9 }, []).at(-1)).toBe(18);
  expect(theoryDepths({ generator: "resnet", depth: 9 }, [64]).at(-1)).toBe(64);
  const deep = theoryDepths({ generator: "resnet", depth: 501 }, [3, 77]);
  expect(deep.length).toBeLessThan(40);
  expect([deep[0], deep.at(-1)]).toEqual([0, 1002]);
  for (const depth of [3, 77, 501]) expect(deep).toContain(depth);
});

test("a U-Net has one depth", () => {
  expect(theoryDepths({ generator: "unet128", depth: 7 }, [7])).toEqual([7]);
});

test("the curves are the theory's bytes, of the peak or of the activations alone", async () => {
  const theory = new MemoryTheory(config);
  const { points: answer } = await theoryOf(config, undefined, [0, 9]);
  for (const quantity of ["peak", "activations"] as const) {
    const { curves } = staticData(quantity, answer, []);
    expect(curves).toHaveLength(3);
    for (const { mode, points } of curves)
      expect(points).toEqual([0, 9].map((depth) => ({ depth, bytes: theory.at({ depth, backprop: mode })[quantity] })));
  }
});

test("a configuration without a theory says why, and has no curves", async () => {
  const { points, problem } = await theoryOf({ ...config, data: { ...config.data, cropSize: null } }, "native", [0, 1]);
  expect(points).toEqual([]);
  expect(problem).toContain("cropSize");
});

test("the training's activations are its peak without weights, moments and gradients; resident bytes stand beside whole peaks only", () => {
  const { weights, moments, gradients } = step.bytes.peakByPart;
  expect(liveData("peak", config, step, true)).toEqual({
    live: { depth: 9, bytes: step.bytes.peak, mode: "recompute", running: true },
    resident: { depth: 9, bytes: step.residentBytes },
  });
  expect(liveData("activations", config, step, false)).toEqual({
    live: { depth: 9, bytes: step.bytes.peak - weights - moments - gradients, mode: "recompute", running: false },
    resident: null,
  });
  expect(liveData("peak", config, null, true)).toEqual({ live: null, resident: null });
});

test("resident bytes stretch the chart up to twice the rest, and no further", () => {
  const reach = (bytes: number) =>
    axisLimits({
      quantity: "peak",
      curves: [],
      measured: [],
      live: { depth: 9, bytes: 100, mode: "store", running: true },
      resident: { depth: 9, bytes },
    }).bytes;
  expect(reach(50)).toBe(reach(100));
  expect(reach(200)).toBeCloseTo(2 * reach(100));
  expect(reach(201)).toBe(reach(100));
});

test("places are linear in depth and bytes, from the corner where both are none", () => {
  const frame = new ChartAxes(800, 300, { depth: 20, bytes: 1000 });
  expect([frame.x(0), frame.x(20), frame.y(0), frame.y(1000)]).toEqual([
    frame.left,
    frame.right,
    frame.bottom,
    frame.top,
  ]);
  expect(frame.x(10)).toBeCloseTo((frame.left + frame.right) / 2, 1);
  expect(frame.y(250)).toBeCloseTo(frame.bottom - (frame.bottom - frame.top) / 4, 1);
  expect(frame.depthAt(frame.x(7))).toBeCloseTo(7, 1);
  expect(frame.y(5000)).toBe(frame.top);
});
