import { writtenSettings } from "../../../extension/comparison/writtenSettings";
import { applyAssignments } from "../../../extension/configuration/assignments";
import { parseConfig } from "../../../extension/configuration/config";
import type { ComparisonLine } from "../../../extension/protocol/lines";
import type { ToWebview } from "../../../extension/protocol/panel";
import { costAndQuality } from "./comparison";
import { exampleSummary, exampleView } from "./runs";

/** Values of a run's configuration by their keys. */
export type Values = Readonly<Record<string, unknown>>;

/** A run of a sweep: what it sets, and how it came out. */
export interface SweptRun {
  readonly name: string;
  readonly line: Partial<ComparisonLine>;
}

/** What the configuration with these values tells of itself in a comparison. */
export function settingsOf(values: Values): Pick<ComparisonLine, "kind" | "settings" | "written"> {
  const all = { "data.path": "/data/maps", ...values };
  const assignments = Object.entries(all).map(([key, value]) => ({ key, value }));
  const config = parseConfig(applyAssignments({}, assignments), "a test's configuration");
  return { kind: config.network.kind, ...writtenSettings(config) };
}

/** Runs of every depth, way back and seed; a deeper one is better, slower, and where it stores takes more memory. */
export function depthSweep(
  depths: readonly number[] = [3, 9, 18],
  ways: readonly string[] = ["recompute", "store"],
  seeds: readonly number[] = [0, 1, 2],
): SweptRun[] {
  return depths.flatMap((depth) =>
    ways.flatMap((way) =>
      seeds.map((seed) => {
        const mae = 24 - depth / 4 + [0, 0.6, -0.3][seed % 3]!;
        return {
          name: `depth-${depth}_backprop-${way}_seed-${seed}`,
          line: {
            ...settingsOf({ "network.depth": depth, "network.backprop": way, "training.seed": seed }),
            parameters: 1_500_000 + 590_000 * depth,
            peakBytes: 266_000_000 + depth * (way === "store" ? 34_600_000 : 9_400_000),
            secondsPerStep: (way === "store" ? 0.4 : 0.55) * depth + 0.05 * seed,
            metrics: {
              AtoB: { mae, psnr: 40 - mae, ssim: 0.8 - mae / 100 },
              BtoA: { mae: mae - 4, psnr: 44 - mae, ssim: 0.82 - mae / 100 },
            },
            judged: { by: "evaluation", images: 10 },
          },
        } as const;
      }),
    ),
  );
}

/** What a host tells of a comparison of these, the first of which is shown. */
export function comparisonOfSweep([first, ...others]: readonly SweptRun[]): ToWebview {
  const { steps } = exampleView({ steps: 50 });
  const runs = others.map(({ name, line }) => {
    const run = exampleSummary({ id: `/data/sweep/${name}`, name, steps: 1000, lastStep: 1000, state: "finished" });
    return { run, steps, costAndQuality: costAndQuality(run.id, line) };
  });
  return { type: "comparison", asked: "here", runs, shown: costAndQuality(exampleSummary().id, first!.line) };
}
