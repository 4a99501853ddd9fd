import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import type { MemoryLine, StepLine } from "../../../extension/protocol/lines";
import { memoryParts } from "../../../extension/protocol/memoryParts";
import { MemoryTable } from "../../../extension/trainer/commandLine/memoryTable";
import { Output } from "../../../extension/trainer/commandLine/output";
import { TrainingView } from "../../../extension/trainer/commandLine/trainingView";

const gpuBytes = 1132 * 2 ** 20;

function written(): { output: Output; text: () => string } {
  const stream = new PassThrough();
  return { output: new Output(false, false, { stdout: stream, stderr: stream }), text: () => String(stream.read()) };
}

it("revgan memory has a column for what a GPU holds, and none without one", () => {
  const shares = {
    peak: 351e6,
    weights: 1,
    moments: 1,
    gradients: 1,
    activations: 175_660_000,
    largestActivations: 180_120_000,
  };
  const line: MemoryLine = {
    type: "memory",
    depth: 9,
    backprop: "recompute",
    measured: shares,
    theory: shares,
    residentBytes: 900e6,
    seconds: 0.388,
  };
  const { output, text } = written();
  new MemoryTable(output, ["recompute"]).row({ ...line, gpuBytes });
  expect(text()).toBe(
    "DEPTH  BACKPROP         PEAK     THEORY  ACTIVATIONS    LARGEST   RESIDENT  SECONDS        GPU\n" +
      "    9  recompute    351.0 MB   351.0 MB     175.7 MB   180.1 MB   900.0 MB    0.388     1.2 GB\n",
  );
  new MemoryTable(output, ["recompute"]).row(line);
  expect(text()).not.toContain("GPU");
});

it("revgan train tells what a GPU holds beside the tensors", () => {
  const { output, text } = written();
  const step: StepLine = {
    type: "step",
    step: 1,
    epoch: 1,
    losses: {},
    seconds: 1,
    learningRate: 1,
    bytes: {
      live: 1,
      peak: 351 * 2 ** 20,
      peakByPart: Object.fromEntries(memoryParts.map((part) => [part, 0])) as StepLine["bytes"]["peakByPart"],
    },
    residentBytes: 900 * 2 ** 20,
    time: "",
  };
  new TrainingView(output).line({ ...step, gpuBytes });
  expect(text()).toContain("351 MiB tensors, 1132 MiB on the GPU, 900 MiB resident");
});
