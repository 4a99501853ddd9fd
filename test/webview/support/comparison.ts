import type { ComparisonLine } from "../../../extension/protocol/lines";
import type { RunWorth, RunView, ToWebview } from "../../../extension/protocol/panel";

type Message = Extract<ToWebview, { type: "comparison" }>;

/** A run's worth, with the cost of RevGAN at the paper's size; `changes` make it another run. */
export function worth(run: string, changes: Partial<ComparisonLine> = {}): RunWorth {
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
    runs: runs.map(({ run, steps }) => ({ run, steps, worth: worth(run.id) })),
    shown: runs.length === 0 ? null : worth("/data/runs/nuclei"),
  };
}
