import { readFileSync } from "node:fs";
import { parseConfig } from "../../extension/configuration/config";
import { adapterText } from "../../extension/trainer/engines/webGpuAdapter";
import { openEngine } from "../../extension/trainer/engines/openEngine";
import { WebGpuKernels } from "../../extension/trainer/kernels/webgpu/webgpuKernels";
import { batchFor, disposeTrainer, trainerFor } from "../support/training";
import type { Report } from "./report";
import { median } from "./statistics";

/** The size of the network and the pictures for which unpaired steps are measured. */
export interface WebGpuSize {
  readonly side: number;
  readonly width: number;
  readonly depth: number;
  /** A part of the GPU's name; null for any GPU that is not a software one. */
  readonly gpu: string | null;
}

const [warmUps, steps] = [1, 3];

/** The measurements of one step. */
interface StepFigures {
  readonly dispatches: number;
  readonly submits: number;
  readonly reads: number;
  readonly seconds: number;
  /** Processor seconds of the thread that runs the step. */
  readonly host: number;
  /** Bytes of all buffers, with free ones that are kept for a later tensor of their size. */
  readonly held: number;
  readonly peak: number;
}

/** Measures a step on webgpu: counts and bytes, which are the same on every device, the host's time, which nearly is, and seconds. */
export async function webgpu(size: WebGpuSize): Promise<Report> {
  const { side, width, depth, gpu } = size;
  const config = parseConfig(
    { mode: "unpaired", engine: "webgpu", gpu, network: { width, depth }, data: { loadSize: side, cropSize: side } },
    "the bench's configuration",
  );
  const { kernels: k } = await openEngine(config);
  if (!(k instanceof WebGpuKernels)) throw new Error("webgpu has other kernels");
  const trainer = trainerFor(k, config);
  const seen: StepFigures[] = [];
  for (let step = 1; step <= warmUps + steps; step++) {
    const batch = batchFor(config, step);
    const [before, hostBefore, begun] = [{ ...k.gpu.counts }, hostSeconds(), performance.now()];
    await trainer.step(step, 1, batch, () => Promise.resolve());
    const { dispatches, submits, reads } = k.gpu.counts;
    if (step > warmUps)
      seen.push({
        dispatches: dispatches - before.dispatches,
        submits: submits - before.submits,
        reads: reads - before.reads,
        seconds: (performance.now() - begun) / 1000,
        host: hostSeconds() - hostBefore,
        held: k.gpu.heldBytes,
        peak: k.ledger.read().peak,
      });
  }
  disposeTrainer(trainer);
  const of = (what: keyof StepFigures): number => median(seen.map((each) => each[what]));
  return {
    title: `webgpu, unpaired, ${side}², width ${width}, ${depth} blocks, on ${adapterText(k.gpu.adapter)}`,
    head: ["of a step", ""],
    rows: [
      ["dispatches", String(of("dispatches"))],
      ["submits", String(of("submits"))],
      ["reads, which wait for the GPU", String(of("reads"))],
      ["seconds", of("seconds").toPrecision(3)],
      ["processor time of the thread that steps, ms", (1000 * of("host")).toFixed(1)],
      ["bytes of all buffers", String(of("held"))],
      ["bytes of tensors at the peak", String(of("peak"))],
    ],
    findings: [
      { what: "dispatches", value: of("dispatches"), atMost: 2500 },
      { what: "reads", value: of("reads"), atMost: 8 },
      { what: "processor time of the thread that steps", value: 1000 * of("host"), unit: "ms", atMost: 40 },
      { what: "bytes of all buffers, of those of tensors", value: of("held") / of("peak"), atMost: 1.25 },
    ],
    charts: [],
    raw: seen,
  };
}

/**
 * Processor seconds of this thread so far, without waiting for the GPU or for other programs; NaN where /proc does not have them.
 */
function hostSeconds(): number {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, "latin1").split(" ")[0]) / 1e9;
  } catch {
    return NaN;
  }
}
