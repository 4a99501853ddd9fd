import type { Config } from "../../configuration/config";
import { RevganError } from "../../protocol/errors";
import { BatchReader } from "../data/batches";
import { sourcesOf } from "../data/dataset/dataset";
import { imageSettings } from "../data/dataset/imageSettings";
import { epochOf, lastStepOfTraining } from "../data/sampler";
import type { OpenEngine } from "../engines/openEngine";
import { disposeNetwork } from "../training/network";
import { RetryWhilePaused } from "../training/retryWhilePaused";
import type { SampleWriter } from "../training/samples";
import { explainStepError, stoppedError, unreadableData } from "../training/trainingErrors";
import type { TrainingData } from "../training/trainingLoop";
import type { TrainingListener } from "../training/trainingListener";
import type { StepRunner } from "../training/trainingStep";
import type { Validator } from "../training/validator";
import { yieldToEventLoop } from "../translate/translateFiles";
import { gatherCheckpoint } from "./gatherCheckpoint";
import type { Ranks } from "./ranks";
import { Stopped } from "./sharedOut";

/** The parts of a training that every rank except rank 0 needs. */
interface FollowerParts {
  readonly engine: OpenEngine;
  readonly runner: StepRunner;
  readonly ranks: Ranks;
  /** The run folder, to which rank 0 writes. */
  readonly folder: string;
  readonly config: Config;
  readonly data: Pick<TrainingData, "dataset" | "decoder" | "leftOut">;
  readonly samples: SampleWriter;
  /** Validates during the training; null for no validations. */
  readonly validator: Validator | null;
  /** The step of the checkpoint that the run is resumed from; null for a new run. */
  readonly resumedAt: number | null;
}

/**
 * Trains on a rank other than rank 0. Takes over the runner and its network, and disposes them. Returns the run folder.
 * @throws RevganError the same as on rank 0
 */
export async function follow(
  parts: Omit<FollowerParts, "folder">,
  listener: Pick<TrainingListener, "signal" | "warn" | "note">,
): Promise<string> {
  const { engine, runner, ranks } = parts;
  try {
    const members = await ranks.introduce({ folder: "", engine: engine.name, device: engine.device });
    const { folder } = members[0]!;
    await new Follower({ ...parts, folder }, listener).train();
    return folder;
  } finally {
    runner.dispose();
    disposeNetwork(runner.model);
  }
}

/**
 * Trains on this rank's rows of every batch, from the first step to the last; rank 0 decides about samples, validations and checkpoints.
 */
class Follower {
  private step: number;
  /** The step of the latest checkpoint; null before the first. */
  private saved: number | null;
  private readonly last: number;
  private readonly sizes: { readonly a: number; readonly b: number };
  private readonly retrier: RetryWhilePaused;

  constructor(
    private readonly parts: FollowerParts,
    private readonly listener: Pick<TrainingListener, "signal" | "warn" | "note">,
  ) {
    const { a, b } = sourcesOf(parts.data.dataset.splits.train);
    this.sizes = { a: a.length, b: b.length };
    this.last = lastStepOfTraining(parts.config.training, this.sizes);
    this.saved = parts.resumedAt;
    this.step = parts.resumedAt ?? 0;
    const nothing = (): Promise<void> => Promise.resolve();
    this.retrier = new RetryWhilePaused(listener, nothing, nothing, `revgan resume ${parts.folder}`);
  }

  /** Returns when the training has ended regularly. @throws RevganError the same as on rank 0 */
  async train(): Promise<void> {
    const { data, config, ranks, folder } = this.parts;
    const reader = new BatchReader(data.decoder, sourcesOf(data.dataset.splits.train), imageSettings(config), {
      firstStep: this.step + 1,
      lastStep: this.last,
      share: ranks.share,
      leftOut: data.leftOut,
    });
    let hasStoppedImproving = false;
    let unreadable: RevganError | null = null;
    try {
      let wishes = await this.meet();
      while (this.step < this.last && !wishes.stop && !wishes.end) {
        await this.next(reader);
        wishes = await this.meet();
      }
      hasStoppedImproving = wishes.end;
    } catch (error) {
      const shared = await ranks.tellFailure(explainStepError(error, this.failedStep()));
      if (!(shared instanceof RevganError) || shared.code !== "data") throw shared;
      unreadable = shared;
    } finally {
      reader.close();
    }
    if (this.saved !== this.step) await this.save();
    if (unreadable !== null) throw unreadableData(unreadable, folder, data.leftOut === null);
    if (this.step < this.last && !hasStoppedImproving) throw stoppedError(this.step, folder);
  }

  /** Takes part in the samples, validations and checkpoints between two steps. Returns the ranks' wishes about the next step. */
  private async meet(): ReturnType<Ranks["meet"]> {
    const { ranks, samples, folder } = this.parts;
    for (;;) {
      const wishes = await ranks.meet({ stop: this.listener.signal.aborted });
      if (wishes.samples)
        await samples.write(folder, this.step, { yieldToEventLoop: nextTurn, retry: this.retrier.run });
      else if (wishes.validate) await this.validate();
      else {
        if (wishes.save) await this.save();
        return wishes;
      }
    }
  }

  private async validate(): Promise<void> {
    const { signal } = this.listener;
    const control = { signal, yieldToEventLoop: () => yieldToEventLoop(signal), retry: this.retrier.run };
    await this.parts.validator!.validate(this.step, null, control).catch((error: unknown) => {
      if (!(error instanceof Stopped)) throw error;
    });
  }

  private async next(reader: BatchReader): Promise<void> {
    const { runner, config } = this.parts;
    const step = this.step + 1;
    const batch = await this.retrier.run(() => reader.next());
    await runner.step(step, epochOf(step, this.sizes, config.training.batchSize), batch, nextTurn);
    this.step = step;
  }

  private async save(): Promise<void> {
    const { engine, runner, ranks, config, data } = this.parts;
    const { step } = this;
    await data.leftOut?.gather(ranks, this.retrier.run);
    const epoch = epochOf(step + 1, this.sizes, config.training.batchSize);
    await gatherCheckpoint(ranks, engine.kernels, runner, {
      step,
      epoch,
      seed: config.training.seed,
      images: this.sizes,
    });
    this.saved = step;
  }

  private failedStep(): Parameters<typeof explainStepError>[1] {
    const { config, engine, folder } = this.parts;
    return {
      config,
      engine: engine.name,
      step: this.step + 1,
      peak: engine.kernels.ledger.read().peak,
      run: folder,
      checkpoint: this.saved === null ? null : { step: this.saved },
    };
  }
}

/** Resolves after pending events and messages were handled. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
