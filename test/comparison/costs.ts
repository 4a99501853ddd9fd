import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MemoryLine } from "../../extension/protocol/lines";
import { median } from "../bench/statistics";
import { configurationOf, contenders } from "./plan";
import { type Cost, writeResults } from "./results";
import { revgan } from "./trialRuns";

/** How often each contender's step is measured, in turn with the others. */
const rounds = 5;

/** Measures a step of every contender in turn, on all cores: to be run with nothing else running. */
export async function measureCosts(): Promise<void> {
  const seen = contenders.map((): MemoryLine[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, contender] of contenders.entries()) {
      const { kind, depth } = contender.network;
      seen[i]!.push(...(await measured(configurationOf({ contender, seed: 0 }), [depth], kind)));
    }
  }
  const costs = contenders.map(({ mode, name }, i): Cost => {
    const lines = seen[i]!;
    return {
      mode,
      contender: name,
      peakBytes: lines[0]!.measured.peak,
      secondsPerStep: median(lines.map(({ seconds }) => seconds)),
    };
  });
  writeResults({ costs });
}

/** Measures the tensors of a step by depth, at the paper's size: unpaired, 256², width 64. */
export async function measureMemory(): Promise<void> {
  const depths = [3, 9, 18, 36];
  const usual = { mode: "unpaired", data: { cropSize: 256 }, engine: "native" };
  const memory = [];
  for (const kind of ["revgan", "cyclegan"] as const) {
    const lines = await measured({ ...usual, network: { kind, width: 64 } }, depths, kind);
    memory.push(
      ...lines.map(({ depth, backprop, measured: { peak, activations } }) => ({
        kind,
        depth,
        backprop,
        peak,
        activations,
      })),
    );
  }
  writeResults({ memory });
}

/** The lines of `revgan memory`, with as little kept as the kind of network can. */
async function measured(
  configuration: object,
  depths: readonly number[],
  kind: "revgan" | "cyclegan" | "pix2pix",
): Promise<MemoryLine[]> {
  const folder = mkdtempSync(join(tmpdir(), "revgan-comparison-"));
  try {
    const config = join(folder, "revgan.json");
    writeFileSync(config, JSON.stringify(configuration));
    const backprop = kind === "revgan" ? "recompute" : "store";
    const lines = await revgan(
      ["memory", "--config", config, "--depths", depths.join(","), "--backprop", backprop, "--json"],
      {},
    );
    return lines.filter((line): line is MemoryLine => line.type === "memory");
  } finally {
    rmSync(folder, { recursive: true });
  }
}
