import { validationProgress } from "../../comparison/bestValidation";
import { RevganError } from "../../protocol/errors";
import { type StepLine, type ValidationLine } from "../../protocol/lines";
import type { CheckpointFolder } from "../../runFolder/checkpointFolders";
import { writeCheckpoint } from "../../runFolder/checkpoints";
import type { MetricsLog } from "../../runFolder/metricsLog";
import type { Run } from "../../runFolder/runFile";
import { writeRun } from "../../runFolder/runFile";
import { appendLog } from "../../runFolder/runLog";
import type { DecoderClient } from "../data/decoder/decoderClient";
import { imageSettings } from "../data/dataset/imageSettings";
import { type Dataset, sourcesOf } from "../data/dataset/dataset";
import { BatchReader, epochOf, lastStep } from "../data/batches";
import type { GpuMeter } from "../engines/gpuMeter";
import type { Kernels } from "../kernels/kernels";
import { OutOfMemory } from "../kernels/outOfMemory";
import { checkpointFiles } from "./checkpointFiles";
import { Divergence, explained } from "./divergence";
import type { Gate } from "./gate";
import { memoryRanOut } from "./memoryRanOut";
import { SampleWriter } from "./samples";
import { learningRate } from "./schedule";
import { Retrying } from "./retrying";
import type { Breathe, Trainer } from "./trainingStep";
import type { Validator } from "./validator";
import type { Watcher } from "./watcher";

/** Everything that a session works with; all of it stays its owner's. */
export interface SessionParts {
  readonly k: Kernels;
  readonly gpuMeter: GpuMeter | null;
  readonly trainer: Trainer;
  /** The run folder. */
  readonly folder: string;
  /** What `run.json` says at the start. */
  readonly run: Run;
  readonly dataset: Dataset;
  readonly decoder: DecoderClient;
  readonly metrics: MetricsLog;
  /** The checkpoint that the run goes on from; null for a new run. */
  readonly checkpoint: CheckpointFolder | null;
  /** Null where nothing is validated. */
  readonly validator: Validator | null;
  /** What was validated before, up to the checkpoint. */
  readonly validations: readonly ValidationLine[];
}

/** The unfinished step was dropped: the training is as it was after the last whole one. */
class StepDropped extends Error {}

/** Trains from `run.step` + 1 to the last step: steps, metrics, samples, checkpoints, and the run's state on disk. */
export class Session {
  private run: Run;
  private checkpoint: CheckpointFolder | null;
  private validations: readonly ValidationLine[];
  private readonly retrying: Retrying;
  /** How many images of each domain are trained on. */
  private readonly sizes: { readonly a: number; readonly b: number };
  /** Seconds of the present step in which the training was paused. */
  private waited = 0;
  /** When the present term began. */
  private since = 0;

  constructor(
    private readonly parts: SessionParts,
    private readonly watcher: Watcher,
  ) {
    const { a, b } = sourcesOf(parts.dataset.splits.train);
    this.sizes = { a: a.length, b: b.length };
    this.validations = parts.validations;
    this.run = { ...parts.run, best: validationProgress(parts.validations).best };
    this.checkpoint = parts.checkpoint;
    this.retrying = new Retrying(parts.folder, watcher, (state, why) => this.enter(state, why && why.failure));
  }

  /**
   * Returns when the last step is done and its checkpoint written.
   *
   * @throws RevganError `interrupted` after a stop that was asked for, with everything saved; and whatever goes wrong, after
   *   noting it in `run.json`
   */
  async train(): Promise<void> {
    try {
      await this.enter("running");
      await this.steps();
      await this.enter("finished");
      const { step, path } = this.checkpoint!;
      this.watcher.line({ type: "finished", run: this.parts.folder, step, checkpoint: path });
    } catch (error) {
      await this.noteFailure(error);
      throw error;
    }
  }

  private async steps(): Promise<void> {
    const { dataset, decoder, trainer, folder } = this.parts;
    const { profile } = this.watcher;
    const { config } = this.run;
    const sources = sourcesOf(dataset.splits.train);
    const settings = imageSettings(config);
    const last = lastStep(config.training, this.sizes);
    const samples = new SampleWriter(
      decoder,
      sourcesOf(dataset.splits.val ?? dataset.splits.test ?? dataset.splits.train),
      config.network,
      settings,
    );
    const reader = new BatchReader(decoder, sources, settings, { firstStep: this.run.step + 1, lastStep: last });
    let unreadable: RevganError | null = null;
    try {
      // The stop that the run goes on from may have come before its last step's validation.
      await this.validate();
      while (this.run.step < last && !this.stoppedImproving && !this.watcher.signal.aborted) {
        const step = this.run.step + 1;
        const asked = performance.now();
        const batch = await this.retrying.until(() => reader.next());
        const started = performance.now();
        profile?.trace.addSpan(asked, "waiting for data", "loop");
        this.waited = 0;
        this.since = started;
        const epoch = this.epochOf(step);
        const losses = await trainer.step(step, epoch, batch, this.breathe);
        await this.record(step, epoch, losses, (performance.now() - started) / 1000 - this.waited);
        profile?.stepped(started, step);
        const due = (every: number): boolean => every > 0 && step % every === 0;
        const { sampleEvery, checkpointEvery } = config.training;
        if (due(sampleEvery) || (sampleEvery > 0 && step === last)) {
          const sampled = performance.now();
          const path = await this.retrying.until(() =>
            samples.write(this.parts.k, trainer.model, folder, step, hearMessages),
          );
          profile?.trace.addSpan(sampled, "samples", "loop");
          this.watcher.line({ type: "sample", step, path });
        }
        const isBest = await this.validate();
        if (due(checkpointEvery) || isBest) await this.save();
      }
    } catch (error) {
      if (error instanceof Divergence)
        throw explained(error, {
          step: this.run.step + 1,
          rate: this.run.config.training.learningRate,
          run: folder,
          checkpoint: this.checkpoint,
        });
      if (error instanceof OutOfMemory)
        throw memoryRanOut(error, {
          config,
          engine: this.run.engine?.name ?? "native",
          step: this.run.step + 1,
          peak: this.parts.k.ledger.read().peak,
          run: folder,
          checkpoint: this.checkpoint,
        });
      // A picture that cannot be read ends the training between two steps.
      if (error instanceof RevganError && error.code === "data") unreadable = error;
      else if (!(error instanceof StepDropped)) throw error;
    } finally {
      reader.close();
    }
    if (this.checkpoint?.step !== this.run.step) await this.save();
    if (unreadable !== null && !this.watcher.signal.aborted) {
      throw new RevganError(
        "data",
        unreadable.message,
        `${unreadable.remedy}, then go on with \`revgan resume ${folder}\``,
        { cause: unreadable },
      );
    }
    if (this.run.step < last && this.stoppedImproving) await this.tellWhyEarly(last);
    else if (this.run.step < last) {
      throw new RevganError(
        "interrupted",
        `stopped after step ${this.run.step}, which is saved`,
        `go on with \`revgan resume ${folder}\``,
      );
    }
  }

  /** Lets the process hear its messages, and does what they say. */
  private readonly breathe: Breathe = async ({ term, droppable }) => {
    this.watcher.took?.("term", (performance.now() - this.since) / 1000);
    this.watcher.profile?.trace.addSpan(this.since, term, "term");
    await hearMessages();
    const { signal, gate, dropsUnfinished } = this.watcher;
    if (gate?.isClosed === true && !signal.aborted) await this.waitAt(gate);
    if (droppable && signal.aborted && dropsUnfinished === true) throw new StepDropped();
    this.since = performance.now();
  };

  /** Judges the network on the validation pairs, where that is due and not done. Returns whether it is the best so far. */
  private async validate(): Promise<boolean> {
    const { validator, metrics } = this.parts;
    const { step, config } = this.run;
    if (
      validator === null ||
      step === 0 ||
      step % config.training.validateEvery !== 0 ||
      this.validations.at(-1)?.step === step
    )
      return false;
    const { line: tell, profile, signal } = this.watcher;
    const started = performance.now();
    this.since = started;
    try {
      const breathe = async (): Promise<void> => {
        await this.breathe({ term: "validation", droppable: false });
        signal.throwIfAborted();
      };
      const line = await this.retrying.until(() => validator.validate(step, signal, breathe));
      await this.retrying.until(() => metrics.append(line));
      this.validations = [...this.validations, line];
      profile?.trace.addSpan(started, "validation", "loop");
      tell(line);
    } catch (error) {
      // A resumed run makes up for it.
      if (signal.aborted) return false;
      throw error;
    }
    const { best } = validationProgress(this.validations);
    this.run = { ...this.run, best };
    return best?.step === step;
  }

  /** Whether as many validations as the configuration allows were no better than the best before them. */
  private get stoppedImproving(): boolean {
    const { earlyStop, validateEvery } = this.run.config.training;
    return earlyStop > 0 && validateEvery > 0 && validationProgress(this.validations).since >= earlyStop;
  }

  private async tellWhyEarly(last: number): Promise<void> {
    const { step, best, config } = this.run;
    const why =
      best === null
        ? "none had a figure"
        : `none since step ${best.step} was better than its mean absolute error of ${best.value.toFixed(2)}`;
    const text = `ends at step ${step} of ${last}, after ${validationProgress(this.validations).since} validations without improvement: ${why}; raise training.earlyStop above ${config.training.earlyStop} to go on`;
    await this.retrying.until(() => appendLog(this.parts.folder, text));
    this.watcher.warn(`${this.run.name} ${text}`);
  }

  private async waitAt(gate: Gate): Promise<void> {
    const since = performance.now();
    await this.enter("paused");
    await gate.passed(this.watcher.signal);
    await this.enter("running");
    this.waited += (performance.now() - since) / 1000;
  }

  private async record(step: number, epoch: number, losses: Record<string, number>, seconds: number): Promise<void> {
    const { k, gpuMeter } = this.parts;
    gpuMeter?.refresh();
    const gpuBytes = gpuMeter?.bytes ?? null;
    const line: StepLine = {
      type: "step",
      step,
      epoch,
      losses,
      seconds,
      learningRate: learningRate(epoch, this.run.config.training),
      bytes: k.ledger.read(),
      residentBytes: process.memoryUsage.rss(),
      ...(gpuBytes !== null && { gpuBytes }),
      time: new Date().toISOString(),
    };
    await this.retrying.until(() => this.parts.metrics.append(line));
    this.run = { ...this.run, step };
    this.watcher.line(line);
  }

  private epochOf(step: number): number {
    return epochOf(step, this.sizes, this.run.config.training.batchSize);
  }

  private async save(): Promise<void> {
    const { k, trainer, folder, metrics } = this.parts;
    const { step, config, best } = this.run;
    const since = performance.now();
    await metrics.sync();
    const files = checkpointFiles(k, trainer, {
      step,
      epoch: this.epochOf(step + 1),
      seed: config.training.seed,
      images: this.sizes,
    });
    const path = await this.retrying.until(() =>
      writeCheckpoint(folder, step, files, { keep: config.training.keepCheckpoints, alsoKeep: best?.step ?? null }),
    );
    this.checkpoint = { step, path };
    await this.retrying.until(() => this.enter("running"));
    await this.retrying.until(() => appendLog(folder, `checkpoint ${path}`));
    this.watcher.took?.("checkpoint", (performance.now() - since) / 1000);
    this.watcher.profile?.trace.addSpan(since, "checkpoint", "loop");
    this.watcher.line({ type: "checkpoint", step, path });
  }

  private async enter(state: Run["state"], error: Run["error"] = null): Promise<void> {
    this.run = { ...this.run, state, error, updatedAt: new Date().toISOString() };
    await writeRun(this.parts.folder, this.run);
  }

  private async noteFailure(error: unknown): Promise<void> {
    const stopped = error instanceof RevganError && error.code === "interrupted";
    const known = RevganError.from(error, "report this");
    try {
      await this.enter(stopped ? "stopped" : "failed", stopped ? null : known.failure);
      await appendLog(this.parts.folder, known.message);
    } catch {
      // A disk that is full takes no note of it either; the error itself is on its way to the user.
    }
  }
}

function hearMessages(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
