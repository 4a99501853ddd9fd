import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MemoryLine } from "../../extension/protocol/lines";
import { median } from "../bench/statistics";
import { applyAssignments } from "../../extension/configuration/assignments";
import type { Sweep } from "../../extension/trainer/sweep/sweepFile";
import { type Contender, contendersOf } from "./contenders";
import { type Cost, writeResults } from "./results";
import { revgan } from "./revgan";

/** How often each contender's step is measured, in turn with the others. */
const rounds = 5;

/** Measures a step of every contender in turn, on all cores: to be run with nothing else running. */
export async function measureCosts(sweep: Sweep): Promise<void> {
  const contenders = contendersOf(sweep);
  const seen = contenders.map((): MemoryLine[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, contender] of contenders.entries())
      seen[i]!.push(...(await measured(configurationOf(sweep, contender), [contender.depth], contender.kind)));
  }
  const costs = contenders.map(({ name }, i): Cost => {
    const lines = seen[i]!;
    return {
      name,
      peakBytes: lines[0]!.measured.peak,
      secondsPerStep: median(lines.map(({ seconds }) => seconds)),
    };
  });
  writeResults({ costs });
}

function configurationOf({ base }: Sweep, { values }: Contender): unknown {
  return applyAssignments(
    base.value,
    Object.entries(values).map(([key, value]) => ({ key, value })),
  );
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
  configuration: unknown,
  depths: readonly number[],
  kind: Contender["kind"],
): Promise<MemoryLine[]> {
  const folder = mkdtempSync(join(tmpdir(), "revgan-comparison-"));
  try {
    const config = join(folder, "revgan.json");
    writeFileSync(config, JSON.stringify(configuration));
    const backprop = kind === "revgan" ? "recompute" : "store";
    const lines = await revgan(["memory", "--config", config, "--depths", depths.join(","), "--backprop", backprop]);
    return lines.filter((line): line is MemoryLine => line.type === "memory");
  } finally {
    rmSync(folder, { recursive: true });
  }
}
