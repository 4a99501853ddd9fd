import { describe, expect, it } from "vitest";
import { RevganError } from "../../../extension/protocol/errors";
import { errorLine, formatLine, parseLine, type Line } from "../../../extension/protocol/lines";
import { longestLine } from "../../../extension/protocol/pipes";
import { memoryParts } from "../../../extension/protocol/memoryParts";

const shares = { peak: 5, weights: 1, moments: 2, gradients: 1, activations: 1, largestActivations: 2 };
const lines: Line[] = [
  {
    type: "step",
    step: 1,
    epoch: 1,
    losses: { G_A: 0.5, cycle_A: 3 },
    seconds: 0.25,
    learningRate: 0.0002,
    bytes: {
      live: 10,
      peak: 45,
      peakByPart: {
        weights: 1,
        moments: 2,
        gradients: 3,
        encoders: 4,
        core: 5,
        decoders: 6,
        discriminators: 7,
        images: 8,
        other: 9,
      },
      largestActivations: 41,
    },
    residentBytes: 100,
    time: "2026-01-02T03:04:05.678Z",
  },
  {
    type: "validation",
    step: 3,
    metrics: { AtoB: { mae: 1, psnr: null, ssim: 1 }, BtoA: { mae: 1, psnr: 20, ssim: 0.5, rmse: 2 } },
  },
  { type: "validation", step: 3, metrics: { AtoB: { mae: 1, psnr: 30, ssim: 1 } } },
  { type: "checkpoint", step: 0, path: "/run/checkpoints/000000" },
  { type: "sample", step: 100, path: "/run/samples/000100" },
  { type: "finished", run: "/run", step: 3, checkpoint: "/run/checkpoints/000003" },
  { type: "translated", input: "/a.png", output: "/a.AtoB.png", direction: "AtoB" },
  {
    type: "evaluation",
    direction: "BtoA",
    images: 1,
    metrics: { mae: 0, psnr: null, ssim: 1 },
    perImage: [{ name: "1.png", mae: 0, psnr: null, ssim: 1 }],
  },
  { type: "memory", depth: 4, backprop: "recompute", measured: shares, theory: shares, residentBytes: 10, seconds: 1 },
  {
    type: "comparison",
    run: "/run",
    kind: "revgan",
    parameters: 6826502,
    peakBytes: null,
    secondsPerStep: null,
    metrics: null,
  },
  {
    type: "engine",
    name: "native",
    available: false,
    version: null,
    device: null,
    reason: "not installed",
    remedy: "revgan engine install",
  },
  { type: "error", code: "disk", message: "the disk is full", remedy: "free some space" },
];

describe("JSON lines", () => {
  it.each(lines)("$type is read as it was written", (line) => {
    const text = formatLine(line);
    expect(text.endsWith("}\n")).toBe(true);
    expect(text.indexOf("\n")).toBe(text.length - 1);
    expect(parseLine(text)).toEqual(line);
  });

  it("may have more fields than the reader knows", () => {
    expect(parseLine('{"type":"sample","step":1,"path":"/x","new":true}')).toEqual({
      type: "sample",
      step: 1,
      path: "/x",
    });
  });

  it("of steps are read without the largest activations, which older runs do not have", () => {
    const [step] = lines as [Extract<Line, { type: "step" }>];
    const { largestActivations, ...bytes } = step.bytes;
    expect(parseLine(formatLine({ ...step, bytes }))).toEqual({ ...step, bytes });
    expect(largestActivations).toBe(41);
  });

  it.each([
    ["", "not JSON"],
    ["null", "wrong at its top"],
    ['{"type":"stop"}', "wrong at type"],
    ['{"type":"sample","step":-1,"path":"/x"}', "wrong at step"],
    ['{"type":"step","step":1,"epoch":1,"losses":{"G_A":null}}', "wrong at losses.G_A"],
    ['{"type":"error","code":"oops","message":"","remedy":""}', "wrong at code"],
  ])("refuses %s", (text, why) => expect(() => parseLine(text)).toThrow(why));

  it("refuses a line that never ends", () => {
    expect(() => parseLine(" ".repeat(longestLine + 1))).toThrow("characters long");
  });

  it("names the parts of the memory", () => {
    expect(memoryParts.join(" ")).toBe("weights moments gradients encoders core decoders discriminators images other");
  });

  it("tells an error with its code and remedy", () => {
    expect(errorLine(new RevganError("run", "no such run", "name another"))).toEqual({
      type: "error",
      code: "run",
      message: "no such run",
      remedy: "name another",
    });
  });
});
