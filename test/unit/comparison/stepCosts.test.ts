import { expect, test } from "vitest";
import { formatLine, type StepLine } from "../../../extension/protocol/lines";
import { stepCosts } from "../../../extension/comparison/stepCosts";
import { readMetrics } from "../../../extension/runFolder/metrics";
import { temporaryFolder } from "../../support/images";

const shares = {
  weights: 0,
  moments: 0,
  gradients: 0,
  encoders: 0,
  core: 0,
  decoders: 0,
  discriminators: 0,
  images: 0,
  other: 0,
};

const line = (step: number, seconds: number, peak: number): string => {
  const content: StepLine = {
    type: "step",
    step,
    epoch: 1,
    losses: {},
    seconds,
    learningRate: 0.1,
    bytes: { live: 1, peak, peakByPart: shares },
    residentBytes: 1,
    time: "",
  };
  return formatLine(content);
};
const validation = formatLine({ type: "validation", step: 2, metrics: { AtoB: { mae: 1, psnr: 2, ssim: 0.5 } } });

test("the costs of a step are the highest peak and the median of the seconds", async () => {
  const odd = temporaryFolder({ "metrics.jsonl": line(1, 9, 50) + line(2, 1, 70) + validation + line(3, 2, 60) });
  expect(stepCosts((await readMetrics(odd, (text) => expect.unreachable(text))).steps)).toEqual({
    peakBytes: 70,
    secondsPerStep: 2,
  });
  const even = temporaryFolder({
    "metrics.jsonl": line(1, 9, 50) + line(2, 1, 40) + line(3, 2, 30) + line(4, 3, 20) + line(5, 0, 90).slice(0, 30),
  });
  expect(stepCosts((await readMetrics(even, (text) => expect.unreachable(text))).steps)).toEqual({
    peakBytes: 50,
    secondsPerStep: 2.5,
  });
});

test("a run without a step has none", async () => {
  expect(stepCosts((await readMetrics(temporaryFolder(), (text) => expect.unreachable(text))).steps)).toEqual({
    peakBytes: null,
    secondsPerStep: null,
  });
});
