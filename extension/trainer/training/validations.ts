import { type BestValidation, validationProgress } from "../../comparison/bestValidation";
import type { Config } from "../../configuration/config";
import type { ValidationLine } from "../../protocol/lines";
import { hasStoppedImproving, isValidationDue, decisiveValidations } from "./dueWork";
import { picturesIn, type ValidationCases } from "./validationCases";
import { planValidations, timedSteps, type ValidationPlan } from "./validationPlan";
import type { Validated } from "./validator";

/** Runs a validation on at most `images` pictures of each direction. */
export type Validate = (images: number) => Promise<Validated>;

/** The validations of a training: what they found so far, when the next one is due, and on which pictures. */
export class Validations {
  /**
   * The plan of automatic validations; null until enough steps were timed, if the training is too short for a plan, and if validations are
   * not automatic.
   */
  plan: ValidationPlan | null;
  /** How many pictures of each direction a validation uses; null for no validations, and while automatic ones have no plan. */
  private images: number | null;
  /** Seconds of each step that was timed to make a plan; null once the plan was made, and if none is wanted. */
  private timed: number[] | null;
  private seconds = { steps: 0, validations: 0 };
  private count = 0;

  /**
   * @param all every case that can be validated on; null for no validations
   * @param lines the results of validations before the run was resumed
   * @param kept the plan saved in the run; null if it has none
   * @param together how many pictures are translated at the same time: the number of ranks
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
    // A plan for another split is dropped: since it was made, pictures of val or test must have been added or removed.
    this.plan = isAutomatic && kept?.split === all.split ? kept : null;
    this.images = isAutomatic ? (this.plan?.images ?? null) : all && picturesIn(all);
    this.timed = isAutomatic && this.plan === null ? [] : null;
  }

  /** The best result; automatic validations do not count. */
  get best(): BestValidation | null {
    return validationProgress(decisiveValidations(this.lines)).best;
  }

  /** The number of validations after the best one; automatic validations do not count. */
  get sinceBest(): number {
    return validationProgress(decisiveValidations(this.lines)).since;
  }

  get haveStoppedImproving(): boolean {
    return hasStoppedImproving(this.lines, this.training);
  }

  /** A sentence for the log: number and time of this process's validations. Null if there were none. */
  get summary(): string | null {
    const { steps, validations } = this.seconds;
    if (this.count === 0) return null;
    const share = (100 * validations) / (steps + validations);
    return `${this.count} validations took ${validations.toFixed(1)} s, ${share.toFixed(1)}% of the time`;
  }

  /** Notes the seconds that a training step took. */
  stepped(seconds: number): void {
    this.seconds.steps += seconds;
    this.timed?.push(seconds);
  }

  /**
   * Makes the plan of automatic validations once enough steps were timed. For this, runs two validations on one picture per rank, drops
   * their results, and uses the second one's time, since the first also prepares the engine for the picture's size.
   *
   * @returns a sentence for the log if the plan was decided in this call (also that there is none), else null
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

  /** Runs a validation if one is due after this step. Returns its result, else null. */
  async validateIfDue(step: number, validate: Validate): Promise<ValidationLine | null> {
    if (this.images === null || !isValidationDue(step, this.last, this.lines, this.training, this.plan)) return null;
    const { line, seconds } = await validate(this.images);
    this.lines = [...this.lines, line];
    this.seconds.validations += seconds;
    this.count++;
    return line;
  }
}
