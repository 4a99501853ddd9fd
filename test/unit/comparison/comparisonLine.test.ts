import { describe, expect, it, test } from "vitest";
import { comparisonLine, stepCosts } from "../../../extension/comparison/comparisonLine";
import { writtenSettings } from "../../../extension/comparison/writtenSettings";
import { parseConfig } from "../../../extension/configuration/config";
import {
  type ComparisonLine,
  type EvaluationLine,
  formatLine,
  parseLine,
  type StepLine,
  type ValidationLine,
} from "../../../extension/protocol/lines";
import { StepColumns } from "../../../extension/protocol/stepColumns";
import { stepLine } from "../runFolder/runOnDisk";
import { readMetrics } from "../../../extension/runFolder/metrics";
import { temporaryFolder } from "../../support/images";

const config = parseConfig({ mode: "paired", data: { path: "maps" } }, "");
const figures = (mae: number, psnr: number | null = 20) => ({ mae, psnr, ssim: 0.5 });
const validation = (step: number, mae: number): ValidationLine => ({
  type: "validation",
  step,
  metrics: { AtoB: figures(mae), BtoA: figures(mae + 1) },
});

function evaluation(direction: "AtoB" | "BtoA", mae: number, more: object = {}): EvaluationLine {
  return { type: "evaluation", direction, images: 7, metrics: { ...figures(mae), ...more }, perImage: [] };
}

function lineFor({
  steps = [],
  validations = [],
  evaluations = [],
}: {
  steps?: readonly StepLine[];
  validations?: readonly ValidationLine[];
  evaluations?: readonly EvaluationLine[];
}): ComparisonLine {
  const columns = new StepColumns();
  for (const step of steps) columns.append(step);
  return comparisonLine({
    run: "/runs/maps",
    config,
    parameters: 6_826_502,
    steps: columns,
    validations,
    evaluations,
  });
}

const withCost = (step: number, peak: number, seconds: number): StepLine => ({
  ...stepLine(step),
  seconds,
  bytes: { ...stepLine(step).bytes, peak },
});

describe("the line of a run", () => {
  it("has the largest peak, and the median of the seconds", () => {
    const odd = [withCost(1, 100, 9), withCost(2, 5_000_000_001, 0.2), withCost(3, 300, 0.4)];
    expect(lineFor({ steps: odd })).toEqual({
      type: "comparison",
      run: "/runs/maps",
      kind: "revgan",
      parameters: 6_826_502,
      peakBytes: 5_000_000_001,
      secondsPerStep: 0.4,
      steps: 3,
      data: "maps",
      metrics: null,
      judged: null,
      ...writtenSettings(config),
    });
    expect(lineFor({ steps: odd }).settings).toMatchObject({ "data.path": "maps", "network.discriminator.layers": 3 });
    expect(lineFor({ steps: [...odd, withCost(4, 300, 0.3)] })).toMatchObject({ secondsPerStep: 0.35 });
  });

  it("has no cost before the first step, and is a line of the published format", () => {
    const line = lineFor({});
    expect(line).toMatchObject({
      parameters: 6_826_502,
      peakBytes: null,
      secondsPerStep: null,
      metrics: null,
      steps: 0,
    });
    expect(parseLine(formatLine(line))).toEqual(line);
  });

  it("takes the evaluation's figures, with all that they hold, before those of validations", () => {
    const evaluations = [evaluation("AtoB", 3, { pixelAccuracy: 0.9 }), evaluation("BtoA", 4)];
    expect(lineFor({ validations: [validation(1, 9)], evaluations })).toMatchObject({
      metrics: { AtoB: { mae: 3, psnr: 20, ssim: 0.5, pixelAccuracy: 0.9 }, BtoA: { mae: 4 } },
      judged: { by: "evaluation", images: 7 },
    });
  });

  it("takes one direction where there is one, and does not fill up the other from a validation", () => {
    const line = lineFor({ validations: [validation(1, 9)], evaluations: [evaluation("AtoB", 3)] });
    expect(Object.keys(line.metrics ?? {})).toEqual(["AtoB"]);
  });

  it("takes the last validation where nothing was evaluated", () => {
    expect(lineFor({ validations: [validation(10, 5), validation(20, 6)] })).toMatchObject({
      metrics: { AtoB: { mae: 6 }, BtoA: { mae: 7 } },
      judged: { by: "validation", step: 20 },
    });
    const on = { split: "test", images: 8 } as const;
    expect(lineFor({ validations: [{ ...validation(30, 5), ...on }] })).toMatchObject({
      judged: { by: "validation", step: 30, ...on },
    });
  });
});

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
const validationText = formatLine({ type: "validation", step: 2, metrics: { AtoB: { mae: 1, psnr: 2, ssim: 0.5 } } });

test("the costs of a step are the highest peak and the median of the seconds", async () => {
  const odd = temporaryFolder({ "metrics.jsonl": line(1, 9, 50) + line(2, 1, 70) + validationText + line(3, 2, 60) });
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
