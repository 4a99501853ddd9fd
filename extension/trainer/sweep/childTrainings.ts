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

/** Runs trainings in processes of their own, so that a crash or a lack of memory in one does not affect the others. */
export class ChildTrainings {
  private readonly children = new Set<Subprocess>();
  private readonly stop = (): void => {
    for (const child of this.children) stopChild(child);
  };
  private readonly kill = (): void => {
    for (const child of this.children) child.kill();
  };

  /**
   * @param signal stops all trainings; each saves a checkpoint after its step
   * @param env environment of the trainings' processes
   * @param warn called with the lines that a training writes to stderr
   */
  constructor(
    private readonly signal: AbortSignal,
    private readonly env: NodeJS.ProcessEnv,
    private readonly warn: (text: string) => void,
  ) {
    signal.addEventListener("abort", this.stop);
    // When this process exits, for example after a second Ctrl-C, the trainings are killed and do not continue alone.
    process.on("exit", this.kill);
  }

  /** Removes the handlers. Call it when no training is running any more. */
  dispose(): void {
    this.signal.removeEventListener("abort", this.stop);
    process.off("exit", this.kill);
  }

  /**
   * Trains a trial to its end.
   * @throws RevganError the error that the training reports, `interrupted` when it was stopped; `internal` or `memory` where its process
   * died
   */
  async train(trial: CheckedTrial, todo: Exclude<TrialState["todo"], "nothing">): Promise<FinishedLine> {
    if (todo === "again") await removeRun(trial.folder);
    let last: FinishedLine | ErrorLine | null = null;
    const child = Subprocess.fork({
      name: `the training ${trial.name}`,
      program: bundlePath("cli.js"),
      args: trainingWords(trial, todo),
      env: this.env,
      // The children get a process group of their own, so that a terminal's Ctrl-C reaches them only through this process: a second one
      // would end a training without a checkpoint.
      ownGroup: true,
      onLine: (text, stream) => {
        if (stream === "stdout") last = lastLine(text) ?? last;
        // Lines of errors are left out, because `last` has the same error.
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
  // SIGTERM, because a SIGINT may count as a second Ctrl-C: Slurm and a system's shutdown also signal all processes themselves.
  child.end({ signal: "SIGTERM", killAfter: stopTimeout });
}

/** Removes the folder of a run that is not being trained. @throws RevganError `locked` */
async function removeRun(folder: string): Promise<void> {
  const lock = await acquireLock(folder);
  try {
    await removeFolder(folder);
  } finally {
    await lock.release();
  }
}

/** The line with which a training ends; null for any other line. */
function lastLine(text: string): FinishedLine | ErrorLine | null {
  // Tested before parsing, because most lines are those of steps.
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
