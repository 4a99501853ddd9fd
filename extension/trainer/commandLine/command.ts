import type { GivenArguments, OptionPlan } from "./arguments";
import type { Output } from "./output";

/** A command of `revgan`. */
export interface Command {
  /** One line for the list of commands in `revgan --help`. */
  readonly summary: string;
  /** The text of `--help`: usage, then the options. */
  readonly help: string;
  readonly options: OptionPlan;
  /** Whether all ranks that an MPI launcher starts share the command's work; otherwise rank 0 does all of it. */
  readonly isShared?: boolean;
  /** Runs the command. Returns the exit code; throws RevganError. */
  run(given: GivenArguments, context: CommandContext): Promise<number>;
}

/** A command's output and abort signal. */
export interface CommandContext {
  readonly output: Output;
  /** Ctrl-C aborts it. */
  readonly signal: AbortSignal;
}
