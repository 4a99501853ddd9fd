import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ComparisonLine, MemoryLine } from "../../extension/protocol/lines";
import type { Contender } from "./contenders";

/** What a step of a contender needs, measured with nothing else running. */
export interface Cost extends Pick<Contender, "name"> {
  readonly peakBytes: number;
  /** Median over the rounds, on all cores. */
  readonly secondsPerStep: number;
}

/** Everything that the report is made of; grows as the comparison goes on. */
export interface Results {
  /** What `revgan compare` told of the runs. */
  readonly runs: readonly ComparisonLine[];
  readonly costs: readonly Cost[];
  /** At the paper's size, by kind of network. */
  readonly memory: readonly (Pick<MemoryLine, "depth" | "backprop"> & {
    readonly kind: string;
    readonly peak: number;
    readonly activations: number;
  })[];
}

const file = join(import.meta.dirname, "..", "test", "comparison", "results.json");

export function readResults(): Results {
  return JSON.parse(readFileSync(file, "utf8")) as Results;
}

/** Changes some of the results, whole or not at all. */
export function writeResults(changes: Partial<Results>): void {
  const partial = `${file}.partial`;
  writeFileSync(partial, `${JSON.stringify({ ...readResults(), ...changes }, null, 1)}\n`);
  renameSync(partial, file);
}
