import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Config } from "../configuration/config";
import { formatLine, type MemoryLine, parseLine } from "../protocol/lines";
import { writeFileAtomic } from "../files/atomic";
import { readSmallText } from "../files/limitedRead";

/**
 * Stores measurements of memory at several depths, in a folder beside the runs: one file for all configurations that agree in the settings
 * of {@link memoryKey}.
 */
export class MeasuredMemory {
  /** @param folder the folder of all measurements, usually `.revgan/memory` beside the runs */
  constructor(private readonly folder: () => string) {}

  /**
   * The measurements of a configuration, ascending by depth, without those within other memory budgets. Empty for a missing or damaged
   * file: the user can measure again.
   */
  async read(config: Config): Promise<MemoryLine[]> {
    const { memoryBudget } = config.network;
    return (await this.readAll(config)).filter(({ budget }) => budget === undefined || budget === memoryBudget);
  }

  /** The measurements of a configuration, including those within other memory budgets. */
  private async readAll(config: Config): Promise<MemoryLine[]> {
    const text = await readSmallText(this.file(config)).catch(() => "");
    try {
      const lines = text
        .split("\n")
        .filter((line) => line !== "")
        .map(parseLine);
      return lines.filter((line): line is MemoryLine => line.type === "memory");
    } catch {
      return [];
    }
  }

  /** Adds measurements to the file. Each replaces an older one of the same depth, mode and budget. */
  async write(config: Config, lines: readonly MemoryLine[]): Promise<void> {
    const all = new Map(
      [...(await this.readAll(config)), ...lines].map((line) => [
        `${line.depth} ${line.backprop} ${line.budget}`,
        line,
      ]),
    );
    const sorted = [...all.values()].sort((a, b) => a.depth - b.depth || (a.backprop < b.backprop ? -1 : 1));
    const file = this.file(config);
    await mkdir(dirname(file), { recursive: true });
    // Measurements of one machine do not belong into a repository.
    await writeFile(join(dirname(file), ".gitignore"), "*\n");
    await writeFileAtomic(file, sorted.map(formatLine).join(""));
  }

  private file(config: Config): string {
    return join(
      this.folder(),
      `${createHash("sha256")
        .update(JSON.stringify(memoryKey(config)))
        .digest("hex")
        .slice(0, 16)}.jsonl`,
    );
  }
}

/** The settings on which a step's memory depends, except depth, backprop and memory budget, which vary among the measurements in a file. */
function memoryKey({ mode, network, data, training, engine, convolution }: Config): unknown {
  const { depth, backprop, memoryBudget, ...rest } = network;
  const { batchSize, lambdaCycle, lambdaIdentity, lambdaL1 } = training;
  return [
    mode,
    rest,
    data.loadSize,
    data.cropSize,
    batchSize,
    [lambdaCycle, lambdaIdentity, lambdaL1].map((weight) => weight > 0),
    engine,
    convolution,
  ];
}
