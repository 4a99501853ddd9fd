import { type BestValidation, validationProgress } from "../../comparison/bestValidation";
import type { Config } from "../../configuration/config";
import type { ValidationLine } from "../../protocol/lines";
import { hasStoppedImproving, isValidationDue, decisiveValidations } from "./dueWork";
import { picturesIn, type ValidationCases } from "./validationCases";
import { planValidations, timedSteps, type ValidationPlan } from "./validationPlan";
import type { Validated } from "./validator";

/** Validates on at most so many pictures of each direction. */
export type Validate = (images: number) => Promise<Validated>;

/** The validations of a training: what they found so far, when the next one is due, and on which pictures. */
export class Validations {
  /** Of automatic validations; null until enough steps were timed, and where the training is too short for any. */
  plan: ValidationPlan | null;
  /** On how many pictures of each direction; null for no validations, and while there is no plan for them. */
  private images: number | null;
  /** Of the steps that were timed for a plan; null when a plan was made or none is wanted. */
  private timed: number[] | null;
  private seconds = { steps: 0, validations: 0 };
  private count = 0;

  /**
   * @param all what can be validated on; null for no validations
   * @param lines those of an earlier part of the training
   * @param kept the plan that the run has, if it has one
   * @param together how many pictures are translated at a time: one by each rank
   */
  constructor(
    private readonly all: ValidationCases | null,
    private lines: readonly ValidationLine[],
    private readonly training: Config["training"],
    private readonly last: number,
    kept: ValidationPlan | null,
    private readonly together: number,
  ) {
    const isAutomatic = all !== null && training.validateEvery === null;
    // Pictures of the other part may have been added or removed since.
    this.plan = isAutomatic && kept?.split === all.split ? kept : null;
    this.images = isAutomatic ? (this.plan?.images ?? null) : all && picturesIn(all);
    this.timed = isAutomatic && this.plan === null ? [] : null;
  }

  /** The best of those on all pictures at fixed steps. */
  get best(): BestValidation | null {
    return validationProgress(decisiveValidations(this.lines)).best;
  }

  /** How many followed the best one. */
  get sinceBest(): number {
    return validationProgress(decisiveValidations(this.lines)).since;
  }

  get haveStoppedImproving(): boolean {
    return hasStoppedImproving(this.lines, this.training);
  }

  /** A sentence on what the validations of this process cost; null without any. */
  get summary(): string | null {
    const { steps, validations } = this.seconds;
    if (this.count === 0) return null;
    const share = (100 * validations) / (steps + validations);
    return `${this.count} validations took ${validations.toFixed(1)} s, ${share.toFixed(1)}% of the time`;
  }

  /** Notes a step's time. */
  stepped(seconds: number): void {
    this.seconds.steps += seconds;
    this.timed?.push(seconds);
  }

  /**
   * Makes the plan of automatic validations, once enough steps were timed: times a validation on one picture for each rank, whose figures
   * are dropped, and does that twice, since the first one also prepares the engine for the picture's size.
   *
   * @returns a sentence on the plan, when it was made now
   */
  async makePlan(step: number, validate: Validate): Promise<string | null> {
    const { all, timed } = this;
    if (all === null || timed === null || step >= this.last) return null;
    const steady = timed.slice(1);
    const total = steady.reduce((sum, each) => sum + each, 0);
    if (steady.length < timedSteps.least || total < timedSteps.seconds) return null;
    const { seconds: preparing } = await validate(this.together);
    const { seconds, pictureSeconds, setSeconds } = await validate(this.together);
    const spentSeconds = preparing + seconds;
    this.timed = null;
    this.seconds.validations += spentSeconds;
    const pictures = picturesIn(all);
    const plan = planValidations({
      step,
      last: this.last,
      secondsPerStep: total / steady.length,
      together: this.together,
      secondsPerRound: pictureSeconds,
      fixedSeconds: setSeconds,
      spentSeconds,
      pictures,
    });
    if (plan === null) return "no automatic validations: they would take more than 3% of the remaining time";
    this.plan = { split: all.split, ...plan };
    this.images = plan.images;
    const which = plan.images < pictures ? `${plan.images} of the ${pictures}` : String(pictures);
    const what = all.arePairs ? "pairs" : "pictures of each domain";
    return `validates automatically on ${which} ${what} of ${all.split}, after step ${plan.first} and every ${plan.every} steps`;
  }

  /** Validates if that is due after a step. Returns the line, or null. */
  async validateIfDue(step: number, validate: Validate): Promise<ValidationLine | null> {
    if (this.images === null || !isValidationDue(step, this.last, this.lines, this.training, this.plan)) return null;
    const { line, seconds } = await validate(this.images);
    this.lines = [...this.lines, line];
    this.seconds.validations += seconds;
    this.count++;
    return line;
  }
}
