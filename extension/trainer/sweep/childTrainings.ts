import { removeFolder } from "../../files/patiently";
import { bundlePath } from "../../processes/bundlePath";
import { explainEnd } from "../../processes/processEnd";
import { Subprocess } from "../../processes/subprocess";
import { RevganError } from "../../protocol/errors";
import { type ErrorLine, type FinishedLine, parseLine } from "../../protocol/lines";
import { acquireLock } from "../../runFolder/lock";
import type { CheckedTrial } from "./checkedTrials";
import { trainingWords } from "./trainingWords";
import type { TrialState } from "./trialState";

/** Seconds until a training that does not end after Ctrl-C is killed: its step and its checkpoint may take long. */
const stopTimeout = 3600;

/** Trainings in processes of their own: what one of them does to its memory, or its engine, is nothing to the others. */
export class ChildTrainings {
  private readonly children = new Set<Subprocess>();
  private readonly stop = (): void => {
    for (const child of this.children) stopChild(child);
  };
  private readonly kill = (): void => {
    for (const child of this.children) child.kill();
  };

  /**
   * @param signal stops all of them, each after its step and with a checkpoint
   * @param env of the children
   * @param warn told what they warn of
   */
  constructor(
    private readonly signal: AbortSignal,
    private readonly env: NodeJS.ProcessEnv,
    private readonly warn: (text: string) => void,
  ) {
    signal.addEventListener("abort", this.stop);
    // After a second Ctrl-C nothing is left behind that trains on.
    process.on("exit", this.kill);
  }

  /** Once none is running. */
  dispose(): void {
    this.signal.removeEventListener("abort", this.stop);
    process.off("exit", this.kill);
  }

  /**
   * Trains a trial to its end.
   * @throws RevganError that the training reports, `interrupted` when it was stopped; `internal` or `memory` where it ended otherwise
   */
  async train(trial: CheckedTrial, todo: Exclude<TrialState["todo"], "nothing">): Promise<FinishedLine> {
    if (todo === "again") await removeRun(trial.folder);
    let last: FinishedLine | ErrorLine | null = null;
    const child = Subprocess.fork({
      name: `the training ${trial.name}`,
      program: bundlePath("cli.js"),
      args: trainingWords(trial, todo),
      env: this.env,
      // A terminal's Ctrl-C is passed on by us alone: two of them would end the training without a checkpoint.
      ownGroup: true,
      onLine: (text, stream) => {
        if (stream === "stdout") last = lastLine(text) ?? last;
        // The error's line is told by `last`.
        else if (!text.startsWith("revgan: ")) this.warn(`${trial.name}: ${text}`);
      },
    });
    this.children.add(child);
    if (this.signal.aborted) stopChild(child);
    try {
      const end = await child.gone;
      return finishedOf(last) ?? fail(last, end);
    } finally {
      this.children.delete(child);
    }
  }
}

function stopChild(child: Subprocess): void {
  // Not SIGINT: Slurm and a system's shutdown signal all processes, and after that a SIGINT would count as a second Ctrl-C.
  child.end({ signal: "SIGTERM", killAfter: stopTimeout });
}

/** Removes a run that nothing trains. @throws RevganError `locked` */
async function removeRun(folder: string): Promise<void> {
  const lock = await acquireLock(folder);
  try {
    await removeFolder(folder);
  } finally {
    await lock.release();
  }
}

/** How a training ends; null for a line that tells something else. */
function lastLine(text: string): FinishedLine | ErrorLine | null {
  // Most lines are those of steps.
  if (!/^\{"type":"(finished|error)"/.test(text)) return null;
  const line = parseLine(text);
  return line.type === "finished" || line.type === "error" ? line : null;
}

function finishedOf(line: FinishedLine | ErrorLine | null): FinishedLine | null {
  return line?.type === "finished" ? line : null;
}

function fail(line: FinishedLine | ErrorLine | null, end: Parameters<typeof explainEnd>[0]): never {
  if (line?.type === "error") throw RevganError.of(line);
  const { words, outOfMemory } = explainEnd(end);
  throw new RevganError(outOfMemory ? "memory" : "internal", `the training ${words}`, "run the sweep again to go on");
}
