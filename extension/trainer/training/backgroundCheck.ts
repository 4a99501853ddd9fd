import { RevganError } from "../../protocol/errors";
import type { Run } from "../../runFolder/runFile";
import type { DatasetCheck } from "../data/dataset/check";
import { DecoderClient } from "../data/decoder/decoderClient";
import type { FileProblem } from "../data/decoder/decoderFiles";
import type { LeftOut } from "../data/leftOut";
import type { TrainingListener } from "./trainingListener";

/** The most unusable files that get a warning each; a last warning gives the number of the others. */
const mostNamed = 5;

/** The least time between two progress messages, in milliseconds. */
const progressIntervalMilliseconds = 10_000;

/** Seconds that decoding one file may take: many, because the decoder process runs at a lower priority than others. */
const timeLimit = 120;

type Intensity = NonNullable<Run["intensity"]>;

/** The check of a data set's files that goes on beside the training, in a decoder process of its own. */
export class BackgroundCheck {
  private readonly stopper = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private found = 0;
  private noted = performance.now();

  /**
   * @param leftOut records unusable files, which the training then skips (`data.skipUnreadable`); null: the training stops at such a file
   */
  constructor(
    private readonly check: DatasetCheck,
    private readonly leftOut: LeftOut | null,
    private readonly listener: Pick<TrainingListener, "note" | "warn" | "signal">,
  ) {
    listener.signal.addEventListener("abort", () => this.stopper.abort());
  }

  /** @param run the run's folder, named in warnings */
  start(run: string): void {
    if (this.check.isWhole) return;
    const decoder = new DecoderClient({ isInBackground: true, timeLimit });
    this.running = this.check
      .rest(
        decoder,
        this.stopper.signal,
        (problem) => this.report(problem, run),
        (done) => this.progress(done),
      )
      .then(
        () => this.summarise(),
        (error: unknown) => {
          // The training does not need this check: without it, an unusable file is found when a step reads it.
          if (!this.stopper.signal.aborted)
            this.listener.warn(`the check of the files ended: ${RevganError.from(error, "").message}`);
        },
      )
      .finally(() => decoder.close());
  }

  /** Ends the check early. Files that it has already found unusable stay recorded. */
  async stop(): Promise<void> {
    this.stopper.abort();
    await this.running;
  }

  /**
   * The mean intensity windows of the training volumes: over all volumes once the check has finished; until then those saved in the run
   * (`before`), or else the means over the volumes checked so far. Null for images.
   */
  intensity(before: Run["intensity"]): Intensity | null {
    return this.check.isWhole ? this.check.intensity : (before ?? this.check.intensity);
  }

  /**
   * As {@link intensity}, but for volumes waits until the check has ended, so that metrics computed with the result do not depend on its
   * progress.
   */
  async wholeIntensity(before: Run["intensity"]): Promise<Intensity | null> {
    if (this.check.intensity !== null) await this.running;
    return this.intensity(before);
  }

  private async report(problem: FileProblem, run: string): Promise<void> {
    this.found++;
    if (this.leftOut !== null) return this.leftOut.add(problem);
    if (this.found > mostNamed) return;
    const { file, reason } = problem;
    this.listener.warn(
      `${file} ${reason}; the training will stop at it; \`revgan resume ${run} --set data.skipUnreadable=true\` then goes on without it`,
    );
  }

  private progress(done: number): void {
    if (this.check.isWhole || performance.now() - this.noted < progressIntervalMilliseconds) return;
    this.noted = performance.now();
    this.listener.note(`Looking at the files: ${done} of ${this.check.files}`);
  }

  private summarise(): void {
    if (this.leftOut === null && this.found > mostNamed)
      this.listener.warn(`${this.found - mostNamed} more files cannot be used`);
    this.listener.note(
      `All ${this.check.files} files were looked at${this.found === 0 ? "" : `; ${this.found} cannot be used`}`,
    );
  }
}
