import { createHash } from "node:crypto";
import type { Config } from "../../configuration/config";
import { RevganError } from "../../protocol/errors";
import type { Run } from "../../runFolder/runFile";
import type { OpenEngine } from "../engines/openEngine";
import type { Model } from "../models/model";
import type { AverageOverRanks } from "../training/trainingStep";
import { version } from "../version";
import { GradientAverage } from "./gradientAverage";
import type { RankDescription, Ranks } from "./ranks";

/** @throws RevganError `config` where the batch cannot be divided among the ranks, and for a norm over the whole batch */
export function requireSharable({ training, network }: Config, { size }: Pick<Ranks, "size">): void {
  if (size === 1) return;
  const { batchSize } = training;
  if (batchSize % size !== 0) {
    const fitting = divisorsOf(batchSize);
    throw new RevganError(
      "config",
      `${size} ranks cannot share training.batchSize ${batchSize}: each takes as many images of every batch`,
      `set training.batchSize to a multiple of ${size}, or start ${fitting.length === 1 ? "one process" : `${fitting.slice(0, -1).join(", ")} or ${fitting.at(-1)!} processes`}`,
    );
  }
  if (network.norm === "batch")
    throw new RevganError(
      "config",
      `network.norm "batch" takes the whole batch's mean and variance, of which each of ${size} ranks has only its own images`,
      'set network.norm to "instance", or start one process',
    );
}

function divisorsOf(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i + 1).filter((i) => n % i === 0);
}

/** The configuration with the batch size of one rank, which decides the rank's memory. */
export function ownPart(config: Config, { size }: Pick<Ranks, "size">): Config {
  return { ...config, training: { ...config.training, batchSize: config.training.batchSize / size } };
}

/** The function that averages over the ranks; null for a training of one process. */
export function averageOver({ kernels }: OpenEngine, ranks: Ranks): AverageOverRanks | null {
  return ranks.size === 1 ? null : new GradientAverage(kernels, ranks).run;
}

/**
 * Checks that all ranks start with the same configuration, data, engine and weights.
 * @param files the files that the ranks read
 * @throws RevganError `run` naming what differs, the same on all ranks
 */
export async function requireEqualStart(
  ranks: Ranks,
  config: Config,
  files: unknown,
  { kernels, name, version: engineVersion, convolution }: OpenEngine,
  { generatorParameters, discriminatorParameters }: Model,
): Promise<void> {
  if (ranks.size === 1) return;
  const weights = createHash("sha256");
  for (const { value } of [...generatorParameters, ...discriminatorParameters]) weights.update(kernels.read(value));
  await ranks.requireEqual(
    {
      "the configuration": digestOf(config),
      "the data files": digestOf(files),
      "its engine or versions": [version, name, engineVersion].join(", "),
      "how it computes convolutions": convolution,
      "the weights": weights.digest("hex"),
    },
    "at the start",
  );
}

function digestOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}

/** The `ranks` field of `run.json`; undefined for one process. */
export function ranksOf(members: readonly RankDescription[]): Pick<Run, "ranks"> {
  return {
    ranks: members.length === 1 ? undefined : members.map(({ host, engine, device }) => ({ host, engine, device })),
  };
}
