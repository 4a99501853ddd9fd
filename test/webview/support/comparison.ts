import type { ComparisonLine } from "../../../extension/protocol/lines";
import type { RunCostAndQuality, RunView, ToWebview } from "../../../extension/protocol/panel";

type Message = Extract<ToWebview, { type: "comparison" }>;

/** A run's cost and quality, with the cost of RevGAN at the paper's size; `changes` make it another run. */
export function costAndQuality(run: string, changes: Partial<ComparisonLine> = {}): RunCostAndQuality {
  const cost = { parameters: 6_826_502, peakBytes: 351_100_000, secondsPerStep: 9.48, steps: 1000, data: "maps" };
  return {
    line: { type: "comparison", run, kind: "revgan", ...cost, metrics: null, judged: null, ...changes },
    problem: null,
  };
}

/** What a host answers to a comparison with other runs. */
export function comparisonOf(
  runs: readonly Pick<RunView, "run" | "steps">[],
  asked: Message["asked"] = "here",
): Message {
  return {
    type: "comparison",
    asked,
    runs: runs.map(({ run, steps }) => ({ run, steps, costAndQuality: costAndQuality(run.id) })),
    shown: runs.length === 0 ? null : costAndQuality("/data/runs/nuclei"),
  };
}
