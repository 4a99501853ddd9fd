import { RevganError } from "../../protocol/errors";
import type { FinishedLine } from "../../protocol/lines";
import type { TrialState } from "../sweep/trialState";
import type { Output } from "./output";

const beginnings = {
  train: "begins",
  again: "begins anew: it had no checkpoint",
  resume: "goes on from its checkpoint",
} as const;

/** Progress of a sweep: a line a run when it begins and when it ends; with `--json` the line that its training ends with. */
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

  /** An earlier sweep has trained it. */
  wasFinished(name: string, line: FinishedLine): void {
    this.begun++;
    this.finish(line);
    this.output.note(`${name}: is finished at step ${line.step}`);
  }

  begins(name: string, todo: Exclude<TrialState["todo"], "nothing">): void {
    this.begun++;
    this.output.note(`${name}: ${beginnings[todo]} (${this.begun} of ${this.count})`);
  }

  /** @param time that it took */
  finishes(name: string, line: FinishedLine, time: string): void {
    this.finish(line);
    this.output.note(`${name}: finished at step ${line.step} after ${time}`);
  }

  /** @param error `interrupted` where it was stopped, which is no failure */
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
