import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { type Config, parseConfig } from "../../extension/configuration/config";
import type { Kernels } from "../../extension/trainer/kernels/kernels";
import { pixelsOf } from "../../extension/trainer/data/picture";
import { channels, elements, type HostTensor, spatial } from "../../extension/trainer/kernels/tensor";
import { openEngine } from "../../extension/trainer/engines/openEngine";
import { storedBlocksOf } from "../../extension/trainer/memoryTheory/memoryBudget";
import { openNetwork, largestActivationElements } from "../../extension/trainer/training/network";
import { StepRunner } from "../../extension/trainer/training/trainingStep";
import { Translator } from "../../extension/trainer/translate/translator";
import type { WorkerPlan } from "./implementations";
import type { Pictures } from "./pictures";
import type { Measurement, WorkerReady } from "./workerProcess";

/** A worker process of the bench: one network on one engine. It reads one request per line and answers each with a line of JSON. */
async function main(): Promise<void> {
  const { config: values, pictures, repeat } = JSON.parse(process.argv[2]!) as WorkerPlan;
  const config = parseConfig(values, "the bench's configuration");
  const { kernels, version } = await openEngine(config, { activation: largestActivationElements(config) });
  send({ idle: process.memoryUsage.rss(), version });
  // The network is made at the first request, so that `idle` is the memory of the engine alone.
  let trainer: StepRunner | undefined;
  let translator: Translator | undefined;
  let number = 0;
  for await (const request of createInterface({ input: process.stdin })) {
    const [a, b] = [pictures.a, pictures.b].map((file) => picture(file, pictures.shape, number % pictures.count)) as [
      HostTensor,
      HostTensor,
    ];
    number++;
    const begun = performance.now();
    if (request === "step") {
      trainer ??= runnerOf(kernels, config);
      await trainer.step(number, 1, { a, b }, () => Promise.resolve());
    } else {
      translator ??= new Translator(
        kernels,
        openNetwork(kernels, config, { seed: 0 }, { exact: false }),
        config.network,
        null,
      );
      const whole = repeat === 1 ? pixelsOf(a.data, spatial(a.shape), channels(a.shape)) : repeated(a, repeat);
      await translator.translate(whole, "AtoB", () => Promise.resolve());
    }
    const seconds = (performance.now() - begun) / 1000;
    const { peakByPart } = kernels.ledger.read();
    send({
      seconds,
      resident: process.memoryUsage.rss(),
      peak: process.resourceUsage().maxRSS * 1024,
      tensors: request === "step" ? peakByPart : null,
    });
  }
}

function runnerOf(kernels: Kernels, config: Config): StepRunner {
  const network = openNetwork(kernels, config, { seed: 0 }, { storedBlocks: storedBlocksOf(config, kernels.engine) });
  return new StepRunner(kernels, network, { mode: config.mode, ...config.training });
}

/** The picture at an index of a file, as `[1, ...shape]`. */
function picture(file: string, shape: Pictures["shape"], index: number): HostTensor {
  const length = elements(shape);
  const bytes = readFileSync(file).subarray(4 * index * length, 4 * (index + 1) * length);
  return { shape: [1, ...shape], data: new Float32Array(Uint8Array.from(bytes).buffer) };
}

/** A square RGB picture repeated `times` times along each axis, for translation. */
function repeated(
  { shape, data }: HostTensor,
  times: number,
): { data: Float32Array; height: number; width: number; channels: number } {
  const side = shape[1]!;
  const row = side * 3;
  const large = new Float32Array(data.length * times * times);
  for (let y = 0; y < side * times; y++) {
    const source = data.subarray((y % side) * row, ((y % side) + 1) * row);
    for (let x = 0; x < times; x++) large.set(source, (y * times + x) * row);
  }
  return { data: large, height: side * times, width: side * times, channels: 3 };
}

function send(message: WorkerReady | Measurement): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

void main();
