import { freemem } from "node:os";
import { resolve } from "node:path";
import type { Config } from "../../configuration/config";
import { dataLocation } from "../../configuration/dataLocation";
import { readConfiguration } from "../../configuration/readConfiguration";
import { axesOf, sideMultiple, type Size } from "../../configuration/sizes";
import { withoutDefaults } from "../../configuration/withoutDefaults";
import { RevganError } from "../../protocol/errors";
import type { PlanLine } from "../../protocol/lines";
import type { DomainSizes } from "../data/sampler";
import { scanDataset, sourcesOf } from "../data/dataset/dataset";
import { drawHeldOut, holdOut } from "../data/dataset/heldOut";
import { fileKind } from "../data/dataset/fileKind";
import { DecoderClient } from "../data/decoder/decoderClient";
import { type ChosenEngine, chooseEngine } from "../engines/chooseEngine";
import { statusOf } from "../engines/engineStatus";
import { formatBytes } from "../formatBytes";
import { inspectData } from "../ipc/inspectData";
import { inspectSources, sidesRange } from "../data/inspectSources";
import type { ProbeWatcher } from "../memoryMeasurement/probeProcess";
import { type DataSizes, ladder } from "./ladder";
import { asWritten, type PlanningTools, type Proposal, proposals } from "./proposals";
import { corrected, RunCorrection } from "./runCorrection";
import { StepCosts } from "./stepCost";

/** What the user asks to be planned. */
export interface PlanRequest {
  /** Path of a configuration whose other settings are kept. */
  readonly file: string | undefined;
  /** A data folder to use instead of the configuration's. */
  readonly data: string | undefined;
  /** The most bytes of a step's tensors; undefined: the configuration's budget, or the free memory. */
  readonly memory: number | undefined;
  /** The most seconds of a training; undefined: the usual seconds of each plan. */
  readonly seconds: number | undefined;
  /** Whether to estimate the configuration as it is, instead of proposing others. */
  readonly asWritten: boolean;
}

export interface PlanWatcher extends ProbeWatcher {
  /** Called before the engine's speed is measured, which takes some seconds. */
  readonly measuring: () => void;
  readonly signal: AbortSignal;
}

/** The proposed plans, and the engine, memory and data that they are based on. */
export interface Plans {
  readonly lines: readonly PlanLine[];
  readonly engine: ChosenEngine;
  readonly memory: Memory;
  readonly counts: DomainSizes;
}

interface Memory {
  /** The bytes that a step's tensors may take. */
  readonly bytes: number;
  /** The origin of this number, as a sentence. */
  readonly why: string;
}

/**
 * Looks at the data, and proposes configurations for it with their costs on this machine.
 * @throws RevganError `data`, `config`, `usage`; `memory` when not even the smallest network fits; `engine` when none works
 */
export async function plan(request: PlanRequest, watcher: PlanWatcher): Promise<Plans> {
  const { signal } = watcher;
  const decoder = new DecoderClient();
  try {
    const { config, sizes, counts } = await inspectRequestedData(request, decoder, signal);
    const engine = await chooseEngine(config.engine, process.env, signal, config.gpu);
    const costs = new StepCosts(engine, watcher);
    const candidates = request.asWritten ? [withCropSize(config, sizes)] : ladder(withoutBudget(config), sizes);
    // Both ends of the ladder are measured, because they may be computed on different numbers of threads.
    const { idleBytes, startSeconds } = await costs.ratesFor(candidates[0]!);
    await costs.ratesFor(candidates.at(-1)!);
    const wanted = request.memory ?? (request.asWritten ? null : config.network.memoryBudget);
    const memory = await memoryFor(wanted, engine, idleBytes);
    const correction = await RunCorrection.read(process.cwd(), costs);
    const means: PlanningTools = {
      costOf: corrected(costs, correction),
      bytesOf: (each) => {
        const { peakBytes } = costs.of(each);
        return peakBytes + costs.marginOf(each, peakBytes);
      },
      budgetWithin: (each, bytes) => costs.budgetWithin(each, bytes),
      startSeconds,
      counts,
    };
    const { seconds = null } = request;
    const limits = { memory: memory.bytes, memoryIsWanted: wanted !== null, seconds };
    const found = request.asWritten ? [asWritten(candidates[0]!, means)] : proposals(candidates, limits, means);
    if (found.length === 0) throw nothingFits(candidates[0]!, means.bytesOf(candidates[0]!), memory);
    const lines = found.map((each) => lineOf(each, request.asWritten ? config : each.config, costs, limits, engine));
    return { lines, engine, memory, counts };
  } finally {
    decoder.close();
  }
}

interface InspectedData {
  readonly config: Config;
  readonly sizes: DataSizes;
  readonly counts: DomainSizes;
}

/** The configuration, or without a file the settings inferred from the data folder, and the sizes of some of the data's files. */
async function inspectRequestedData(
  { file, data }: PlanRequest,
  decoder: DecoderClient,
  signal: AbortSignal,
): Promise<InspectedData> {
  if (file === undefined && data !== undefined) {
    const { a, b, dimensions, channels, folders, ...layout } = await inspectData(resolve(data), decoder, signal);
    const sets =
      dimensions === 2
        ? []
        : [
            "network.dimensions=3",
            `network.inputChannels=${channels.a}`,
            `network.outputChannels=${channels.b}`,
            ...(folders === null ? [] : [`data.folders=${JSON.stringify(folders)}`]),
          ];
    const config = await readConfiguration({ data, sets: [`mode=${layout.mode}`, ...sets] });
    return { config, sizes: layout, counts: { a, b } };
  }
  const config = await readConfiguration({ file, data, sets: [] });
  const kind = fileKind(config.network.dimensions);
  // readConfiguration refuses a configuration that names no data.
  const all = scanDataset(dataLocation(config.data)!, config.mode, kind);
  const held = drawHeldOut(all, config.data.split, config.training.seed, kind);
  const sources = sourcesOf(holdOut(all, held).splits.train);
  const sizes = sidesRange(await inspectSources(sources, config.network.dimensions, decoder, signal));
  return { config, sizes, counts: { a: sources.a.length, b: sources.b.length } };
}

/**
 * The configuration with a crop: its own, else `data.loadSize`, else the largest picture's size, because without a crop a step costs at
 * most as much as on that picture.
 */
function withCropSize(config: Config, { largest }: DataSizes): Config {
  const { network, data } = config;
  if (data.cropSize !== null) return config;
  const multiple = sideMultiple(network);
  const sides = axesOf(data.loadSize, network.dimensions) ?? largest;
  const cropSize = sides.map((side) => Math.floor(side / multiple) * multiple) as unknown as Size;
  return { ...config, data: { ...data, cropSize } };
}

/** Removes the memory budget: for proposals it is the limit of all memory, and each proposal gets a budget of its own. */
function withoutBudget(config: Config): Config {
  return { ...config, network: { ...config.network, memoryBudget: null } };
}

/** @param wanted bytes that the user named; null for the free memory */
async function memoryFor(wanted: number | null, { name }: ChosenEngine, idleBytes: number): Promise<Memory> {
  if (wanted !== null) return { bytes: wanted, why: `${formatBytes(wanted)} of tensors, as asked for` };
  if (name === "native-gpu") {
    const gpus = (await statusOf(name)).gpus ?? [];
    const bytes = Math.max(0, ...gpus.map(({ totalBytes, usedBytes }) => totalBytes - usedBytes));
    return { bytes, why: `${formatBytes(bytes)} of tensors: what is free on the GPU` };
  }
  const free = availableMemory();
  const bytes = Math.max(0, free - idleBytes);
  return {
    bytes,
    why: `${formatBytes(bytes)} of tensors: ${formatBytes(free)} of memory are free, and the engine takes ${formatBytes(idleBytes)} idle`,
  };
}

/** Free memory in bytes, within a container's limit where Node knows it. */
function availableMemory(): number {
  const { availableMemory: available } = process as { availableMemory?: () => number };
  return available?.() ?? freemem();
}

function nothingFits({ data, network }: Config, bytes: number, memory: Memory): RevganError {
  return new RevganError(
    "memory",
    `nothing fits into ${memory.why}: the least is ${formatBytes(bytes)}, for ${describeNetwork(network, data)}`,
    "close other programs, or name more with --memory BYTES",
  );
}

/** A network and its crop as text, for example `64 × 64, 4 blocks, width 16`. */
export function describeNetwork({ dimensions, depth, width }: Config["network"], { cropSize }: Config["data"]): string {
  // The sides are reversed, because image viewers show the width before the height.
  const sides = axesOf(cropSize, dimensions)?.toReversed().join(" × ") ?? "whole pictures";
  return `${sides}, ${depth} ${depth === 1 ? "block" : "blocks"}, width ${width}`;
}

function lineOf(
  { name, step, steps, seconds, config: planned }: Proposal,
  config: Config,
  costs: StepCosts,
  limits: { readonly memory: number; readonly seconds: number | null },
  engine: ChosenEngine,
): PlanLine {
  const { peakBytes } = step;
  const marginBytes = costs.marginOf(planned, peakBytes);
  return {
    type: "plan",
    name,
    config: withoutDefaults(config),
    ...(step.storedBlocks !== undefined && { storedBlocks: step.storedBlocks }),
    peakBytes,
    marginBytes,
    residentBytes: costs.residentOf(planned, peakBytes),
    secondsPerStep: step.seconds,
    steps,
    seconds,
    fits: peakBytes + marginBytes <= limits.memory && seconds <= (limits.seconds ?? Infinity),
    memoryBytes: Math.round(limits.memory),
    engine: { name: engine.name, device: engine.device },
  };
}
