import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Config } from "../configuration/config";
import { formatLine, type MemoryLine, parseLine } from "../protocol/lines";
import { writeFileAtomic } from "../files/atomic";
import { readSmallText } from "../files/limitedRead";

/** Measurements of memory by depth, kept beside the runs, a file for each configuration whose memory differs. */
export class MeasuredMemory {
  /** @param folder of all measurements, usually `.revgan/memory` beside the runs */
  constructor(private readonly folder: () => string) {}

  /** What was measured for this configuration, in the order of depth. Nothing for a file that cannot be used: it is measured again. */
  async read(config: Config): Promise<MemoryLine[]> {
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

  /** Adds measurements; one of the same depth and mode replaces the older. */
  async write(config: Config, lines: readonly MemoryLine[]): Promise<void> {
    const all = new Map(
      [...(await this.read(config)), ...lines].map((line) => [`${line.depth} ${line.backprop}`, line]),
    );
    const sorted = [...all.values()].sort((a, b) => a.depth - b.depth || (a.backprop < b.backprop ? -1 : 1));
    const file = this.file(config);
    await mkdir(dirname(file), { recursive: true });
    // Figures of one machine: nothing for the repository.
    await writeFile(join(dirname(file), ".gitignore"), "*\n");
    await writeFileAtomic(file, sorted.map(formatLine).join(""));
  }

  private file(config: Config): string {
    return join(
      this.folder(),
      `${createHash("sha256")
        .update(JSON.stringify(decisive(config)))
        .digest("hex")
        .slice(0, 16)}.jsonl`,
    );
  }
}

/** The part of a configuration that a step's memory depends on, depth and backprop apart: those are what is measured over. */
function decisive({ mode, network, data, training, engine }: Config): unknown {
  const { depth, backprop, ...rest } = network;
  const { batchSize, lambdaCycle, lambdaIdentity, lambdaL1 } = training;
  return [
    mode,
    rest,
    data.loadSize,
    data.cropSize,
    batchSize,
    [lambdaCycle, lambdaIdentity, lambdaL1].map((weight) => weight > 0),
    engine,
  ];
}
