import type { Config } from "../../configuration/config";
import type { TranslationDirection, ValidationLine } from "../../protocol/lines";
import { lossInfo, type LossKind } from "../../protocol/lossCatalogue";
import type { StepColumns } from "../../protocol/stepColumns";

/** The data of a run from which hints about its health are found. */
export interface RunRecord {
  readonly config: Config;
  readonly steps: StepColumns;
  /** All validations, in the order of their steps. */
  readonly validations: readonly ValidationLine[];
  /** The step at which the training ends; null where it is not known. */
  readonly lastStep: number | null;
}

/**
 * The fewest latest steps that a hint takes into account. The same number of steps at the beginning of a training is ignored, because
 * losses are not meaningful yet.
 */
const fewestSteps = 200;

/** The fraction of a training's steps that a hint takes into account. */
const shareOfTraining = 0.1;

/**
 * How many of the latest steps a hint takes into account: a tenth of the training, at least 200. Generator and discriminator compete, so a
 * condition that holds for only a short time means little.
 */
export function stepsNeeded({ steps, lastStep }: Pick<RunRecord, "steps" | "lastStep">): number {
  return Math.max(fewestSteps, Math.ceil(shareOfTraining * (lastStep ?? steps.length)));
}

/** The losses of one kind in one direction, over the latest steps. */
export class LatestLosses {
  /** The columns of the losses, whose values are added: two for a discriminator with two losses, else one. */
  private readonly columns: readonly (Float32Array | Float64Array)[];

  constructor(
    steps: StepColumns,
    kind: LossKind,
    direction: TranslationDirection,
    private readonly count: number,
  ) {
    const isWanted = (name: string): boolean => {
      const info = lossInfo(name);
      return info?.kind === kind && info.direction === direction;
    };
    this.columns = steps.losses.filter(isWanted).map((name) => steps.loss(name).subarray(-count));
  }

  /** The loss at index `i` of the latest `count` steps; NaN where it is missing. */
  at(i: number): number {
    return this.columns.length === 0 ? NaN : this.columns.reduce((sum, column) => sum + column[i]!, 0);
  }

  /** The mean over the indices from `from` to before `to`, of the latest `count` steps; NaN where one of them lacks the loss. */
  mean(from = 0, to = this.count): number {
    let sum = 0;
    for (let i = from; i < to; i++) sum += this.at(i);
    return sum / (to - from);
  }
}

/**
 * The number of latest steps that a hint takes into account; null while there are fewer, apart from the ignored first {@link fewestSteps}.
 */
export function latestStepCount(run: Pick<RunRecord, "steps" | "lastStep">): number | null {
  const count = stepsNeeded(run);
  return run.steps.length < fewestSteps + count ? null : count;
}
