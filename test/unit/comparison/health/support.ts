import { parseConfig } from "../../../../extension/configuration/config";
import type { RunRecord } from "../../../../extension/comparison/health/runRecord";
import type { ValidationLine } from "../../../../extension/protocol/lines";
import { StepColumns } from "../../../../extension/protocol/stepColumns";

/** The losses of step `i`, from 1. */
type LossesAt = (i: number) => Record<string, number>;

/** A run with so many steps, and validations. */
export function runOf({
  mode = "unpaired",
  kind = "revgan",
  steps = 0,
  losses = () => ({}),
  validations = [],
  lastStep = 1000,
}: {
  readonly mode?: "paired" | "unpaired";
  readonly kind?: "revgan" | "pix2pix";
  readonly steps?: number;
  readonly losses?: LossesAt;
  readonly validations?: readonly ValidationLine[];
  readonly lastStep?: number | null;
}): RunRecord {
  const columns = new StepColumns();
  for (let step = 1; step <= steps; step++)
    columns.append({
      type: "step",
      step,
      epoch: 1,
      losses: losses(step),
      seconds: 1,
      learningRate: 0.0002,
      bytes: { live: 1, peak: 1, peakByPart: {} as never },
      residentBytes: 1,
      time: "2026-03-14T09:00:00.000Z",
    });
  const config = parseConfig({ mode, network: { kind }, data: { path: "x" } }, "a test's configuration");
  return { config, steps: columns, validations, lastStep };
}

/** Validations at every hundredth step, with these figures of A to B. */
export function validationsOf(
  figures: readonly NonNullable<ValidationLine["metrics"]["AtoB"]>[],
  more: Partial<ValidationLine> = {},
): ValidationLine[] {
  return figures.map((AtoB, i) => ({ type: "validation", step: 100 * (i + 1), metrics: { AtoB }, ...more }));
}
