import { RevganError } from "../../protocol/errors";
import type { FinishedLine } from "../../protocol/lines";
import type { TrialState } from "../sweep/trialState";
import type { Output } from "./output";

const beginnings = {
  train: "begins",
  again: "begins anew: it had no checkpoint",
  resume: "goes on from its checkpoint",
} as const;

/** Progress of a sweep: a line when a run begins and a line when it ends; with `--json` only the last line of each training. */
export class SweepView {
  /** Folders of the finished runs. */
  readonly finished: string[] = [];
  /** Names of the failed runs. */
  readonly failed: string[] = [];
  private begun = 0;

  constructor(
    private readonly output: Output,
    private readonly count: number,
  ) {}

  /** Reports a run that an earlier sweep has finished. */
  wasFinished(name: string, line: FinishedLine): void {
    this.begun++;
    this.finish(line);
    this.output.note(`${name}: is finished at step ${line.step}`);
  }

  begins(name: string, todo: Exclude<TrialState["todo"], "nothing">): void {
    this.begun++;
    this.output.note(`${name}: ${beginnings[todo]} (${this.begun} of ${this.count})`);
  }

  /** @param time how long the training took, as text */
  finishes(name: string, line: FinishedLine, time: string): void {
    this.finish(line);
    this.output.note(`${name}: finished at step ${line.step} after ${time}`);
  }

  /** @param error with the code `interrupted` where the training was stopped, which does not count as a failure */
  fails(name: string, { code, message, remedy }: RevganError): void {
    if (code === "interrupted") {
      this.output.note(`${name}: ${message}`);
      return;
    }
    this.failed.push(name);
    this.output.error(new RevganError(code, `${name}: ${message}`, remedy));
  }

  private finish(line: FinishedLine): void {
    this.finished.push(line.run);
    this.output.line(line);
  }
}
