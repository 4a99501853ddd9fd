import { RevganError } from "../../protocol/errors";
import type { Line, StepLine, ValidationLine } from "../../protocol/lines";
import type { CheckpointFolder } from "../../runFolder/checkpointFolders";
import { writeCheckpoint } from "../../runFolder/checkpoints";
import { signOfLifeInterval } from "../../runFolder/lock";
import type { MetricsLog } from "../../runFolder/metricsLog";
import type { Run } from "../../runFolder/runFile";
import { writeRun } from "../../runFolder/runFile";
import { appendLog } from "../../runFolder/runLog";
import type { DecoderClient } from "../data/decoder/decoderClient";
import { imageSettings } from "../data/dataset/imageSettings";
import { type Dataset, sourcesOf } from "../data/dataset/dataset";
import { BatchReader } from "../data/batches";
import type { LeftOut } from "../data/leftOut";
import { epochOf, lastStepOfTraining } from "../data/sampler";
import type { GpuMemory } from "../engines/gpuMeter";
import type { Kernels } from "../kernels/kernels";
import type { BackgroundCheck } from "./backgroundCheck";
import type { EventLog, LoggedLine } from "../tensorboard/eventLog";
import { gatherCheckpoint } from "../ranks/gatherCheckpoint";
import type { Ranks } from "../ranks/ranks";
import { Stopped } from "../ranks/sharedOut";
import { isCheckpointDue, isSampleDue } from "./dueWork";
import type { PauseGate } from "./pauseGate";
import type { SampleWriter } from "./samples";
import { learningRate } from "./optimizer";
import { RetryWhilePaused } from "./retryWhilePaused";
import { explainStepError, type FailedStep, stoppedError, unreadableData } from "./trainingErrors";
import type { StepRunner, YieldToEventLoop } from "./trainingStep";
import { Validations } from "./validations";
import type { Validated, Validator } from "./validator";
import type { TrainingListener } from "./trainingListener";

/** The data set of a training, and the objects that read and check its files. */
export interface TrainingData {
  readonly dataset: Dataset;
  readonly decoder: DecoderClient;
  /** Records unusable files, which the training then skips; null: an unusable file ends the training. */
  readonly leftOut: LeftOut | null;
  readonly check: Pick<BackgroundCheck, "start" | "intensity" | "wholeIntensity">;
}

/** Everything that a training loop works with. The caller owns all of it and disposes of it. */
export interface TrainingLoopParts {
  readonly k: Kernels;
  readonly gpuMeter: GpuMemory | null;
  readonly runner: StepRunner;
  readonly ranks: Ranks;
  /** The run folder. */
  readonly folder: string;
  /** The content of `run.json` at the start. */
  readonly run: Run;
  readonly data: TrainingData;
  readonly metrics: MetricsLog;
  /** TensorBoard's event file; null for none. */
  readonly events: EventLog | null;
  /** The checkpoint that the run is resumed from; null for a new run. */
  readonly checkpoint: CheckpointFolder | null;
  readonly samples: SampleWriter;
  /** Runs the validations; null for a training without any. */
  readonly validator: Validator | null;
  /** Validations up to the checkpoint. */
  readonly validations: readonly ValidationLine[];
}

/** Thrown when the unfinished step was dropped. The weights are then those of the last finished step. */
class StepDropped extends Error {}

/** Trains from `run.step` + 1 to the last step; writes metrics, samples, checkpoints and the run's state to the run folder. */
export class TrainingLoop {
  private run: Run;
  private checkpoint: CheckpointFolder | null;
  private readonly validations: Validations;
  private readonly retrier: RetryWhilePaused;
  /** How many images of each domain are trained on. */
  private readonly sizes: { readonly a: number; readonly b: number };
  private readonly last: number;
  /** Seconds for which the current step, or the validation after it, was paused. */
  private paused = 0;
  /** When the current term of the objective began, by `performance.now()`. */
  private termStart = 0;
  /** The latest write of `run.json`, for which the next one waits. */
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly parts: TrainingLoopParts,
    private readonly listener: TrainingListener,
  ) {
    const { a, b } = sourcesOf(parts.data.dataset.splits.train);
    this.sizes = { a: a.length, b: b.length };
    const { training } = parts.run.config;
    this.last = lastStepOfTraining(training, this.sizes);
    const plan = parts.run.validation ?? null;
    const cases = parts.validator?.all ?? null;
    this.validations = new Validations(cases, parts.validations, training, this.last, plan, parts.ranks.size);
    this.run = { ...parts.run, best: this.validations.best };
    this.checkpoint = parts.checkpoint;
    this.retrier = new RetryWhilePaused(
      listener,
      (state, why) => this.enterState(state, why && why.failure),
      (text) => appendLog(parts.folder, text),
      `revgan resume ${parts.folder}`,
    );
  }

  /**
   * Returns when the last step is done and its checkpoint written.
   *
   * @throws RevganError `interrupted` after a requested stop, with everything saved; any other error of the training, after it was
   *   recorded in `run.json`
   */
  async train(): Promise<void> {
    const signOfLife = setInterval(() => {
      // A failed write, for example on a full disk, is ignored: the next interval tries again.
      this.enterState(this.run.state, this.run.error).catch(() => undefined);
    }, signOfLifeInterval);
    try {
      await this.enterState("running");
      await this.steps();
      const { summary } = this.validations;
      if (summary !== null) await this.retrier.run(() => appendLog(this.parts.folder, summary));
      await this.enterState("finished");
      const { step, path } = this.checkpoint!;
      await this.tell({ type: "finished", run: this.parts.folder, step, checkpoint: path });
    } catch (error) {
      await this.recordFailure(error);
      throw error;
    } finally {
      clearInterval(signOfLife);
    }
  }

  private async steps(): Promise<void> {
    const { folder, data, ranks } = this.parts;
    const { dataset, decoder, leftOut } = data;
    const { signal } = this.listener;
    const { config } = this.run;
    const settings = imageSettings(config);
    const { last } = this;
    const reader = new BatchReader(decoder, sourcesOf(dataset.splits.train), settings, {
      firstStep: this.run.step + 1,
      lastStep: last,
      share: ranks.share,
      leftOut,
    });
    let unreadable: RevganError | null = null;
    try {
      // The checkpoint of a resumed run may have been written before the validation of its step, which is then still due.
      await this.validate();
      let save = false;
      while (await this.goesOn(save)) {
        await this.step(reader);
        if (isSampleDue(this.run.step, last, config.training)) await this.sample();
        const isBest = await this.validate();
        save = isBest || isCheckpointDue(this.run.step, config.training);
      }
    } catch (error) {
      // After an unreadable image or a dropped step, the last finished step is saved before the training ends.
      const shared =
        error instanceof StepDropped ? error : await ranks.tellFailure(explainStepError(error, this.failedStep()));
      if (shared instanceof RevganError && shared.code === "data") unreadable = shared;
      else if (!(shared instanceof StepDropped)) throw shared;
    } finally {
      reader.close();
    }
    if (this.checkpoint?.step !== this.run.step) await this.save();
    if (unreadable !== null && !signal.aborted) throw unreadableData(unreadable, folder, leftOut === null);
    if (this.run.step >= last) return;
    if (!this.validations.haveStoppedImproving) throw stoppedError(this.run.step, folder);
    await this.reportEarlyStop(last);
  }

  /** Meets the other ranks between two steps, and writes a checkpoint if any rank wishes it. Returns whether there is a next step. */
  private async goesOn(save: boolean): Promise<boolean> {
    const { haveStoppedImproving: end } = this.validations;
    const wishes = await this.parts.ranks.meet({ stop: this.listener.signal.aborted, save, end });
    if (wishes.save) await this.save();
    return this.run.step < this.last && !wishes.stop && !wishes.end;
  }

  private async step(reader: BatchReader): Promise<void> {
    const { profile } = this.listener;
    const step = this.run.step + 1;
    const requested = performance.now();
    const batch = await this.retrier.run(() => reader.next());
    const started = performance.now();
    profile?.trace.addSpan(requested, "waiting for data", "loop");
    this.paused = 0;
    this.termStart = started;
    const epoch = this.epochOf(step);
    const losses = await this.parts.runner.step(step, epoch, batch, this.yieldToEventLoop);
    await this.record(step, epoch, losses, (performance.now() - started) / 1000 - this.paused);
    profile?.stepped(started, step);
  }

  private async sample(): Promise<void> {
    const { ranks, samples, folder } = this.parts;
    const { step } = this.run;
    const started = performance.now();
    await ranks.meet({ samples: true });
    const path = await samples.write(folder, step, { yieldToEventLoop: nextTurn, retry: this.retrier.run });
    this.listener.profile?.trace.addSpan(started, "samples", "loop");
    await this.tell({ type: "sample", step, path });
  }

  private failedStep(): FailedStep {
    const { run, checkpoint } = this;
    return {
      config: run.config,
      engine: run.engine?.name ?? "native",
      step: run.step + 1,
      peak: this.parts.k.ledger.read().peak,
      run: this.parts.folder,
      checkpoint,
    };
  }

  /**
   * Lets pending messages be handled between two terms. Waits while the training is paused; throws {@link StepDropped} after a stop that
   * drops the unfinished step.
   */
  private readonly yieldToEventLoop: YieldToEventLoop = async ({ term, droppable }) => {
    this.listener.onBusy?.("term", (performance.now() - this.termStart) / 1000);
    this.listener.profile?.trace.addSpan(this.termStart, term, "term");
    await nextTurn();
    const { signal, gate, dropsUnfinished } = this.listener;
    if (gate?.isClosed === true && !signal.aborted) await this.waitWhilePaused(gate);
    if (droppable && signal.aborted && dropsUnfinished === true) throw new StepDropped();
    this.termStart = performance.now();
  };

  /** Validates the network if a validation is due. Returns whether its result is the best so far. */
  private async validate(): Promise<boolean> {
    const { validations } = this;
    const { metrics } = this.parts;
    const { step } = this.run;
    const { profile } = this.listener;
    const started = performance.now();
    this.termStart = started;
    try {
      const planned = await validations.makePlan(step, this.evaluate);
      if (planned !== null) await this.keepPlan(planned);
      const line = await validations.validateIfDue(step, this.evaluate);
      if (line === null) return false;
      await this.retrier.run(() => metrics.append(line));
      profile?.trace.addSpan(started, "validation", "loop");
      await this.tell(line);
    } catch (error) {
      // A stop drops the unfinished validation. A resumed run begins with it.
      if (error instanceof Stopped) return false;
      throw error;
    }
    const { best } = validations;
    this.run = { ...this.run, best };
    return best?.step === step;
  }

  private readonly evaluate = async (images: number): Promise<Validated> => {
    const { ranks, data, run, validator } = this.parts;
    const { signal } = this.listener;
    this.paused = 0;
    const yieldToEventLoop = async (): Promise<void> => {
      await this.yieldToEventLoop({ term: "validation", droppable: false });
      signal.throwIfAborted();
    };
    const order = { images, intensity: await data.check.wholeIntensity(run.intensity) };
    await ranks.meet({ validate: true });
    const control = { signal, yieldToEventLoop, retry: this.retrier.run };
    const validated = await validator!.validate(this.run.step, order, control);
    return { ...validated, seconds: validated.seconds - this.paused };
  };

  private async keepPlan(sentence: string): Promise<void> {
    const { plan } = this.validations;
    if (plan !== null) this.run = { ...this.run, validation: plan };
    await this.retrier.run(() => this.enterState("running"));
    await this.retrier.run(() => appendLog(this.parts.folder, sentence));
  }

  private async reportEarlyStop(last: number): Promise<void> {
    const { step, best, config } = this.run;
    const why =
      best === null
        ? "none had a figure"
        : `none since step ${best.step} was better than its ${best.metric === "mae" ? "mean absolute error" : "distance"} of ${best.value.toFixed(2)}`;
    const text = `ends at step ${step} of ${last}, after ${this.validations.sinceBest} validations without improvement: ${why}; raise training.earlyStop above ${config.training.earlyStop} to go on`;
    await this.retrier.run(() => appendLog(this.parts.folder, text));
    this.listener.warn(`${this.run.name} ${text}`);
  }

  private async waitWhilePaused(gate: PauseGate): Promise<void> {
    const since = performance.now();
    await this.enterState("paused");
    await gate.waitUntilOpen(this.listener.signal);
    await this.enterState("running");
    this.paused += (performance.now() - since) / 1000;
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
      learningRate: learningRate({ step, epoch }, this.run.config.training),
      bytes: k.ledger.read(),
      residentBytes: process.memoryUsage.rss(),
      ...(gpuBytes !== null && { gpuBytes }),
      time: new Date().toISOString(),
    };
    await this.retrier.run(() => this.parts.metrics.append(line));
    this.run = { ...this.run, step };
    this.validations.stepped(seconds);
    await this.tell(line);
  }

  private async tell(line: Line & LoggedLine): Promise<void> {
    const { events } = this.parts;
    if (events !== null) await this.retrier.run(() => events.append(line));
    this.listener.line(line);
  }

  private epochOf(step: number): number {
    return epochOf(step, this.sizes, this.run.config.training.batchSize);
  }

  private async save(): Promise<void> {
    const { k, runner, ranks, folder, metrics, data } = this.parts;
    const { step, config, best } = this.run;
    const since = performance.now();
    await metrics.sync();
    await data.leftOut?.gather(ranks, this.retrier.run);
    const epoch = this.epochOf(step + 1);
    const files = await gatherCheckpoint(ranks, k, runner, {
      step,
      epoch,
      seed: config.training.seed,
      images: this.sizes,
    });
    const path = await this.retrier.run(() =>
      writeCheckpoint(folder, step, files, { keep: config.training.keepCheckpoints, alsoKeep: best?.step ?? null }),
    );
    this.checkpoint = { step, path };
    await this.retrier.run(() => this.enterState("running"));
    await this.retrier.run(() => appendLog(folder, `checkpoint ${path}`));
    this.listener.onBusy?.("checkpoint", (performance.now() - since) / 1000);
    this.listener.profile?.trace.addSpan(since, "checkpoint", "loop");
    this.listener.line({ type: "checkpoint", step, path });
  }

  private async enterState(state: Run["state"], error: Run["error"] = null): Promise<void> {
    const intensity = this.parts.data.check.intensity(this.parts.run.intensity);
    this.run = {
      ...this.run,
      ...(intensity === null ? {} : { intensity }),
      state,
      error,
      updatedAt: new Date().toISOString(),
    };
    const { run } = this;
    // Writes wait for each other, so that the latest state is the one that stays in the file.
    this.writing = this.writing.catch(() => undefined).then(() => writeRun(this.parts.folder, run));
    await this.writing;
  }

  private async recordFailure(error: unknown): Promise<void> {
    const stopped = error instanceof RevganError && error.code === "interrupted";
    const known = RevganError.from(error, "report this");
    try {
      await this.enterState(stopped ? "stopped" : "failed", stopped ? null : known.failure);
      await appendLog(this.parts.folder, known.message);
    } catch {
      // If the state cannot be written, for example on a full disk, that is ignored: the caller reports the original error.
    }
  }
}

/** Resolves after the event loop has handled pending events and messages. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
