import type { Config } from "../../configuration/config";
import type { TranslationDirection, ValidationLine } from "../../protocol/lines";
import { lossInfo, type LossKind } from "../../protocol/lossCatalogue";
import type { StepColumns } from "../../protocol/stepColumns";

/** What a run tells about its health. */
export interface RunRecord {
  readonly config: Config;
  readonly steps: StepColumns;
  /** In the order of their steps. */
  readonly validations: readonly ValidationLine[];
  /** The last step of the whole training; null where it is not known. */
  readonly lastStep: number | null;
}

/** The fewest steps that a hint rests on. As many steps at the beginning of a training are ignored: losses say nothing yet. */
const fewestSteps = 200;

/** The share of a training that a hint rests on. */
const shareOfTraining = 0.1;

/**
 * How many steps a hint rests on: a tenth of the training, at least 200. Generator and discriminator compete, so that what holds for a
 * short time means little.
 */
export function stepsNeeded({ steps, lastStep }: Pick<RunRecord, "steps" | "lastStep">): number {
  return Math.max(fewestSteps, Math.ceil(shareOfTraining * (lastStep ?? steps.length)));
}

/** The losses of one kind in one direction, over the latest steps. */
export class LatestLosses {
  /** Several for a discriminator with two losses, which are added. */
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

  /** The loss in a step; NaN where it is missing. */
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

/** The number of latest steps to look at; null while there are too few beyond the first ones. */
export function latestStepCount(run: Pick<RunRecord, "steps" | "lastStep">): number | null {
  const count = stepsNeeded(run);
  return run.steps.length < fewestSteps + count ? null : count;
}
