import type { GivenArguments, OptionPlan } from "./arguments";
import type { Output } from "./output";

/** A command of `revgan`. */
export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  /** What `--help` shows: the words, then what they mean. */
  readonly help: string;
  readonly options: OptionPlan;
  /** Returns the exit code; throws RevganError. */
  run(given: GivenArguments, context: CommandContext): Promise<number>;
}

/** What a command is given beside its words. */
export interface CommandContext {
  readonly output: Output;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
}
