import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import type { Config } from "../../configuration/config";
import type { EngineLine, EngineName } from "../../protocol/lines";
import { cacheFolders } from "../engines/cacheFolder";
import { MeasurementStore } from "../engines/measurementStore";
import { runsOnOneThread } from "../engines/openEngine";
import { measureRatesInProcess, type ProbeWatcher } from "../memoryMeasurement/probeProcess";
import { requiredCase } from "../memoryTheory/memoryBudget";
import { MemoryTheory } from "../memoryTheory/memoryTheory";
import { largestActivationElements } from "../training/network";
import { version } from "../version";
import { type Rates, ratesSchema, residentPerPeak, secondsOf } from "./rates";

/** The cost of a training step. */
export interface StepCost {
  /** The most bytes of tensors at any time of a step, as `bytes.peak` of a step's line. */
  readonly peakBytes: number;
  readonly seconds: number;
  /** Number of operations of the step's kernels. */
  readonly operations: number;
  /** With a memory budget: the number of blocks that are stored within it. */
  readonly storedBlocks?: number | undefined;
}

/**
 * The largest fraction, for 2 or 3 spatial axes, by which the WebAssembly engine's peak exceeds the theory's: the theory does not count the
 * temporaries of operations that this engine composes of several others. The smaller volumes are, the larger the fraction. The test of the
 * theory on WASM checks these limits.
 */
const wasmMargin: Readonly<Record<2 | 3, number>> = { 2: 0.1, 3: 1 };

/** Estimates the costs of steps on one engine of this machine. */
export class StepCosts {
  private readonly store = new MeasurementStore<Rates>(join(cacheFolders(process.env).root, "rates.json"), ratesSchema);
  private readonly rates = new Map<string, Rates>();
  private readonly known = new Map<string, StepCost>();

  /** @param watcher is told of measurements, which are made where rates are not cached */
  constructor(
    readonly engine: Pick<EngineLine, "version" | "device"> & { readonly name: EngineName },
    private readonly watcher: ProbeWatcher & { readonly measuring: () => void },
  ) {}

  /**
   * Rates for configurations with the dimensions of this one, and of a size for which the engine uses the same number of threads.
   * @throws RevganError `engine` when they cannot be measured; `interrupted` by the signal
   */
  async ratesFor(config: Config): Promise<Rates> {
    const key = this.key(config);
    const rates =
      this.rates.get(key) ??
      (await this.store.remembered(key, () => {
        this.watcher.measuring();
        return measureRatesInProcess({ ...config, engine: this.engine.name }, this.watcher);
      }));
    this.rates.set(key, rates);
    return rates;
  }

  /** Whether {@link ratesFor} was called for such a configuration, so that {@link of} can be called. */
  knows(config: Config): boolean {
    return this.rates.has(this.key(config));
  }

  /** Bytes by which a step's peak may exceed the theory's `peakBytes`; 0 on engines for which the theory is exact. */
  marginOf(config: Config, peakBytes: number): number {
    return Math.ceil(peakBytes * this.marginShare(config));
  }

  /** The memory budget with which a step takes at most `memory` bytes, margin included. */
  budgetWithin(config: Config, memory: number): number {
    return Math.floor(Math.floor(memory) / (1 + this.marginShare(config)));
  }

  /** Estimates the resident bytes of a process whose tensors reach this peak. */
  residentOf(config: Config, peakBytes: number): number {
    const { idleBytes } = this.rates.get(this.key(config))!;
    return Math.round(idleBytes + residentPerPeak[this.engine.name] * peakBytes);
  }

  /**
   * A step's cost, by theory and the rates that {@link ratesFor} has found before.
   * @throws RevganError `config` where a memory budget is below the least that a step needs
   */
  of(config: Config): StepCost {
    const { mode, network, data, training } = config;
    const key = JSON.stringify([mode, network, data.cropSize, training.batchSize, config.convolution]);
    const before = this.known.get(key);
    if (before !== undefined) return before;
    const theory = new MemoryTheory(config, this.engine.name);
    const step = requiredCase(theory, network);
    const work = theory.workAt(step);
    const cost = {
      peakBytes: theory.at(step).peak,
      storedBlocks: step.storedBlocks,
      seconds: secondsOf(work, this.rates.get(this.key(config))!),
      operations: work.operations,
    };
    this.known.set(key, cost);
    return cost;
  }

  private marginShare({ network: { dimensions } }: Config): number {
    return this.engine.name === "wasm" ? wasmMargin[dimensions] : 0;
  }

  private key(config: Config): string {
    const { name, version: engineVersion, device } = this.engine;
    const threads =
      name === "native" && runsOnOneThread(largestActivationElements(config)) ? 1 : availableParallelism();
    return [
      `revgan ${version}`,
      name,
      engineVersion ?? "",
      device ?? "",
      cpus()[0]?.model ?? "",
      `${threads} threads`,
      `${config.network.dimensions}D`,
      `${config.convolution} convolutions`,
    ].join(" | ");
  }
}
