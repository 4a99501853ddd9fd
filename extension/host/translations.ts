import { explainEnd } from "../processes/processEnd";
import { RevganError } from "../protocol/errors";
import type { Line } from "../protocol/lines";
import type { DataLayout, DataPicture, FittingNetwork, HostMessage, TrainerMessage } from "../protocol/trainer";
import { TrainerProcess } from "./trainerProcess";

/** Minutes without a request after which the trainer is ended, to free its memory. Starting another one takes a second or two. */
const idleMinutes = 10;

type Answer = Extract<TrainerMessage, { type: "answer" }>;
/** A message that asks the trainer for an answer, without the number that {@link Translations} gives to it. */
type Request =
  | Omit<Extract<HostMessage, { type: "translate" }>, "request">
  | Omit<Extract<HostMessage, { type: "inspect" }>, "request">
  | Omit<Extract<HostMessage, { type: "weights" }>, "request">
  | Omit<Extract<HostMessage, { type: "pictures" }>, "request">;

interface Pending {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
  readonly progress: (done: number, of: number, line: Line) => void;
}

/** The run, the direction and the files of a translation, and where its results are written. */
export type TranslationRequest = Omit<Extract<Request, { type: "translate" }>, "type">;

/**
 * Owns the trainer process that answers requests. The first request starts the process; it is then kept for further requests, with its
 * engine and network loaded.
 */
export class Translations {
  private process: TrainerProcess | null = null;
  private pending = new Map<number, Pending>();
  private lastNumber = 0;
  private idle: NodeJS.Timeout | null = null;

  /** @param options `environment` is called at the start of each trainer */
  constructor(
    private readonly options: {
      readonly program: string;
      readonly cwd: string;
      readonly environment: () => NodeJS.ProcessEnv;
      readonly log: (level: "info" | "warning", text: string) => void;
    },
  ) {}

  /**
   * Translates files.
   * @param progress called after every file; the line is `translated` or `error`
   * @returns with `existing: "ask"`, the outputs that exist already; if there are any, nothing was written
   * @throws RevganError the trainer's failure; `interrupted` when `signal` is aborted
   */
  async translate(
    question: TranslationRequest,
    progress: Pending["progress"],
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    return (await this.request({ type: "translate", ...question }, progress, signal)).existing;
  }

  /** Inspects a data folder, or the two folders of domains A and B. @throws RevganError saying what is missing there */
  async inspect(data: Extract<Request, { type: "inspect" }>["data"], signal: AbortSignal): Promise<DataLayout> {
    return (await this.request({ type: "inspect", data }, () => undefined, signal)).layout!;
  }

  /** The network configuration that fits the weights in a file or folder. @throws RevganError `input` or `checkpoint` */
  async weights(path: string, signal: AbortSignal): Promise<FittingNetwork> {
    return (await this.request({ type: "weights", path }, () => undefined, signal)).weights!;
  }

  /** Pictures or volumes of a run's data set that the run can translate; empty where the data set is gone. @throws RevganError `run` */
  async pictures(run: string, signal: AbortSignal): Promise<readonly DataPicture[]> {
    return (await this.request({ type: "pictures", run }, () => undefined, signal)).pictures;
  }

  dispose(): void {
    this.process?.release();
    this.process = null;
    if (this.idle !== null) clearTimeout(this.idle);
  }

  private async request(request: Request, progress: Pending["progress"], signal: AbortSignal): Promise<Answer> {
    if (signal.aborted) throw new RevganError("interrupted", "cancelled", "start it again");
    const process = (this.process ??= this.start());
    if (this.idle !== null) clearTimeout(this.idle);
    const number = ++this.lastNumber;
    const cancel = (): void => process.send({ type: "cancel", request: number });
    signal.addEventListener("abort", cancel);
    try {
      const answer = await new Promise<Answer>((resolve, reject) => {
        this.pending.set(number, { resolve, reject, progress });
        process.hello.then(() => process.send({ ...request, request: number }), reject);
      });
      if (answer.failure !== null) throw RevganError.of(answer.failure);
      return answer;
    } finally {
      this.pending.delete(number);
      signal.removeEventListener("abort", cancel);
      this.startIdleTimer();
    }
  }

  private start(): TrainerProcess {
    const { program, cwd, environment, log } = this.options;
    const process = new TrainerProcess({
      program,
      cwd,
      env: environment(),
      onMessage: (message) => this.handle(message),
      onOutput: (line) => log("info", line),
      explain: (end) => ({
        code: "internal",
        message: `the trainer that translates ${explainEnd(end).words}`,
        remedy: "try again with fewer or smaller pictures; the log tells more",
      }),
    });
    void process.gone.then((failure) => {
      if (this.process === process) this.process = null;
      for (const { reject } of this.pending.values()) reject(RevganError.of(failure));
      this.pending.clear();
    });
    return process;
  }

  private handle(message: TrainerMessage): void {
    if (message.type === "answer") this.pending.get(message.request)?.resolve(message);
    else if (message.type === "progress")
      this.pending.get(message.request)?.progress(message.done, message.of, message.line);
    else if (message.type === "note") this.options.log(message.level, message.text);
  }

  private startIdleTimer(): void {
    if (this.pending.size > 0) return;
    if (this.idle !== null) clearTimeout(this.idle);
    this.idle = setTimeout(() => this.dispose(), idleMinutes * 60_000);
    this.idle.unref();
  }
}
