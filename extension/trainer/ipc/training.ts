import { RevganError } from "../../protocol/errors";
import type { Line } from "../../protocol/lines";
import type { HostMessage, TrainerFailure } from "../../protocol/trainer";
import { readConfiguration } from "../../configuration/readConfiguration";
import { PauseGate } from "../training/pauseGate";
import { engineFailure } from "../engines/engineFailure";
import type { StartListener } from "../training/startTraining";
import { resumeRun, trainNew } from "../training/train";
import type { Channel } from "./channel";
import { LineBatches } from "./lineBatches";
import { StopTimeout } from "./stopTimeout";

/** The messages that start a training. */
export type TrainingMessage = Extract<HostMessage, { type: "train" | "resume" }>;

/** One training, controlled by the host's messages. */
export class HostedTraining {
  private readonly stopper = new AbortController();
  private readonly lines: LineBatches;
  private readonly gate: PauseGate;

  private readonly stopTimeout = new StopTimeout();

  /** @param onStopTimeout called with the seconds that a stop may take, whenever they have grown by more than a fifth */
  constructor(
    private readonly channel: Channel,
    private readonly onStopTimeout: (seconds: number) => void,
  ) {
    this.lines = new LineBatches((batch, lines) => channel.send({ type: "lines", batch, lines }));
    this.gate = new PauseGate((state, why) => {
      if (!this.stopper.signal.aborted) channel.send({ type: "state", state, ...(why !== undefined && { why }) });
    });
  }

  /** Trains until the end, a stop or a failure. Sends all lines, then `ended`. */
  async run(message: TrainingMessage): Promise<void> {
    const failure = await this.train(message).then(
      () => null,
      (error: unknown) => failureOf(error),
    );
    await this.lines.drained();
    this.channel.send({ type: "ended", failure });
  }

  /** Handles a message about the running training. */
  handle(message: Extract<HostMessage, { type: "pause" | "continue" | "stop" | "received" }>): void {
    switch (message.type) {
      case "pause":
        this.gate.close();
        break;
      case "continue":
        this.gate.open();
        break;
      case "stop":
        this.stop();
        break;
      case "received":
        this.lines.acknowledge(message.batch);
        break;
    }
  }

  /** Stops the training: it drops the unfinished step, writes a checkpoint and ends. */
  stop(): void {
    if (!this.stopper.signal.aborted) this.channel.send({ type: "state", state: "stopping" });
    this.stopper.abort();
  }

  private async train(message: TrainingMessage): Promise<void> {
    const listener = this.listener();
    if (message.type === "resume") {
      await resumeRun({ folder: message.run, sets: message.sets }, listener);
      return;
    }
    const config = await readConfiguration({ file: message.config, sets: message.sets });
    await trainNew({ config, folder: null }, listener);
  }

  private listener(): StartListener {
    const note = (level: "info" | "warning") => (text: string) => this.channel.send({ type: "note", level, text });
    return {
      line: (line: Line) => this.lines.add(line),
      note: note("info"),
      warn: note("warning"),
      started: ({ folder, step, lastStep, engine }) => {
        this.channel.send({ type: "started", run: folder, step, lastStep, engine });
        this.channel.send({ type: "state", state: "running" });
      },
      signal: this.stopper.signal,
      dropsUnfinished: true,
      onBusy: (what, seconds) => {
        if (!this.stopTimeout.record(what, seconds)) return;
        this.onStopTimeout(this.stopTimeout.seconds);
        this.channel.send({ type: "patience", seconds: this.stopTimeout.seconds });
      },
      gate: this.gate,
    };
  }
}

/** An error as the host shows it, without a stack trace. */
export function failureOf(error: unknown): TrainerFailure {
  const known = engineFailure(error) ?? RevganError.from(error, "look into the log and report this");
  return { ...known.failure, ...(known.resumeWith !== undefined && { resumeWith: known.resumeWith }) };
}
