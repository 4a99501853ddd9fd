import { parseConfig } from "../../../extension/configuration/config";
import type { StepLine } from "../../../extension/protocol/lines";
import { type EncodedSteps, StepColumns } from "../../../extension/protocol/stepColumns";
import { type Snapshot, stepLines } from "./runs";

/** Steps as they are sent. */
export function encoded(lines: readonly StepLine[]): EncodedSteps {
  const columns = new StepColumns();
  for (const line of lines) columns.append(line);
  return columns.encode();
}

/** Steps in which the discriminator of B has won. */
export function wonSteps(from: number, to: number): StepLine[] {
  return stepLines(from, to).map((line) => ({ ...line, losses: { ...line.losses, D_A: 0.0214, G_A: 0.9123 } }));
}

/** The same with an unpaired run that has two hints: its discriminator has won, and its validations rise. */
export function withHints(snapshot: Snapshot): Snapshot {
  const data = { path: "nuclei", names: { a: "tissue", b: "labels" } };
  const validations = [15, 10, 10, 10, 14, 14, 14].map((slicedWasserstein, i) => ({
    type: "validation" as const,
    step: 90 * (i + 1),
    metrics: { AtoB: { slicedWasserstein } },
  }));
  const shown = {
    ...snapshot.shown!,
    config: parseConfig({ mode: "unpaired", data }, "the tests' configuration"),
    steps: encoded(wonSteps(1, 640)),
    validations,
  };
  return { ...snapshot, shown };
}
