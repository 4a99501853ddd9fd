import { theoryDepths } from "../../../../extension/charts/theoryDepths";
import { expect, test } from "vitest";
import { theoryOf } from "../../../../extension/host/theoryForPanel";
import { MemoryTheory } from "../../../../extension/trainer/memoryTheory/memoryTheory";
import type { BackpropMode, MemoryMode } from "../../../../extension/protocol/lines";
import { quantities } from "../../../../webview/memory/backpropModes";
import { liveData, axisLimits, curvesAndMeasurements } from "../../../../webview/memory/chartData";
import { ChartAxes } from "../../../../webview/memory/chartAxes";
import { exampleConfig as config, stepLines } from "../../../webview/support/runs";

const step = stepLines(1, 1)[0]!;

test("the depths are all up to 64, and some up to twice the network's and the deepest measurement, which are among them", () => {
  const every = Array.from({ length: 65 }, (_, depth) => depth);
  expect(theoryDepths({ generator: "resnet", depth: 9 }, [])).toEqual(every);
  expect(theoryDepths({ generator: "resnet", depth: 9 }, [66])).toEqual([...every, 65, 66]);
  const deep = theoryDepths({ generator: "resnet", depth: 501 }, [3, 77]);
  expect(deep.slice(0, 65)).toEqual(every);
  expect(deep.length).toBeLessThan(100);
  expect(deep.at(-1)).toBe(1002);
  for (const depth of [3, 77, 501]) expect(deep).toContain(depth);
});

test("a U-Net has one depth", () => {
  expect(theoryDepths({ generator: "unet128", depth: 7 }, [7])).toEqual([7]);
});

test("the curves are the theory's bytes, of the peak or of the largest activations", async () => {
  const theory = new MemoryTheory(config);
  const { points: answer } = await theoryOf(config, undefined, [0, 9]);
  for (const quantity of quantities) {
    const { curves } = curvesAndMeasurements(quantity, answer, [], null);
    expect(curves.map(({ mode }) => mode)).toEqual(["store", "checkpoint", "recompute"]);
    for (const { mode, points } of curves)
      expect(points).toEqual(
        [0, 9].map((depth) => ({ depth, bytes: theory.at({ depth, backprop: mode as BackpropMode })[quantity] })),
      );
  }
});

test("a memory budget has a curve of its own, up to the depth at which no step fits into it, and is the training's", async () => {
  const theory = new MemoryTheory(config);
  const memoryBudget = theory.at({ depth: 9, backprop: "recompute", storedBlocks: 4 }).peak;
  const within = { ...config, network: { ...config.network, memoryBudget } };
  const { points: answer } = await theoryOf(within, undefined, [0, 1, 9, 60]);
  const { curves, budget } = curvesAndMeasurements("peak", answer, [], memoryBudget);
  expect(budget).toBe(memoryBudget);
  const curveOf = (wanted: MemoryMode) => curves.find(({ mode }) => mode === wanted)!.points;
  expect(curveOf("budget").map(({ depth }) => depth)).toEqual([0, 1, 9]);
  expect(curveOf("budget")[1]).toEqual(curveOf("store")[1]);
  expect(curveOf("budget")[2]!.bytes).toBe(memoryBudget);
  expect(liveData("peak", within, step, true).live).toMatchObject({ depth: 9, mode: "budget" });
});

test("a configuration without a theory says why, and has no curves", async () => {
  const { points, problem } = await theoryOf({ ...config, data: { ...config.data, cropSize: null } }, "native", [0, 1]);
  expect(points).toEqual([]);
  expect(problem).toContain("cropSize");
});

test("the training's point is what its step measured; resident bytes stand beside whole peaks only", () => {
  expect(liveData("peak", config, step, true)).toEqual({
    live: { depth: 9, bytes: step.bytes.peak, mode: "recompute", running: true },
    resident: { depth: 9, bytes: step.residentBytes },
  });
  expect(liveData("largestActivations", config, step, false)).toEqual({
    live: { depth: 9, bytes: step.bytes.largestActivations, mode: "recompute", running: false },
    resident: null,
  });
  // An older run's step.
  const { largestActivations, ...bytes } = step.bytes;
  expect(largestActivations).toBeGreaterThan(0);
  expect(liveData("largestActivations", config, { ...step, bytes }, false)).toEqual({ live: null, resident: null });
  expect(liveData("peak", config, null, true)).toEqual({ live: null, resident: null });
});

test("resident bytes stretch the chart up to twice the rest, and no further", () => {
  const reach = (bytes: number) =>
    axisLimits({
      quantity: "peak",
      budget: null,
      curves: [],
      measured: [],
      live: { depth: 9, bytes: 100, mode: "store", running: true },
      resident: { depth: 9, bytes },
      chosen: null,
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
