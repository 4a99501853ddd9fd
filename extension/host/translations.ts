import { explainEnd } from "../processes/processEnd";
import { RevganError } from "../protocol/errors";
import type { Line } from "../protocol/lines";
import type { DataLayout, HostMessage, TrainerMessage } from "../protocol/trainer";
import { TrainerProcess } from "./trainerProcess";

/** Minutes after which a trainer without a task ends: the next translation then takes a second or two longer. */
const warmFor = 10;

type Answer = Extract<TrainerMessage, { type: "answer" }>;
/** A request without its number. */
type Question =
  | Omit<Extract<HostMessage, { type: "translate" }>, "request">
  | Omit<Extract<HostMessage, { type: "inspect" }>, "request">;

interface Pending {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
  readonly progress: (done: number, of: number, line: Line) => void;
}

/** What is to be translated. */
export type TranslationQuestion = Omit<Extract<Question, { type: "translate" }>, "type">;

/** A trainer that answers requests, started by the first and kept warm for the next. */
export class Translations {
  private process: TrainerProcess | null = null;
  private pending = new Map<number, Pending>();
  private number = 0;
  private idle: NodeJS.Timeout | null = null;

  /** @param options `environment` is asked for at the start of each trainer */
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
   * @param progress told of every file: its line is `translated` or `error`
   * @returns results that were there already when the question was to ask about them; then nothing was written
   * @throws RevganError what went wrong; `interrupted` by the signal
   */
  async translate(
    question: TranslationQuestion,
    progress: Pending["progress"],
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    return (await this.ask({ type: "translate", ...question }, progress, signal)).existing;
  }

  /** Looks at a data folder. @throws RevganError what is missing there */
  async inspect(folder: string, signal: AbortSignal): Promise<DataLayout> {
    return (await this.ask({ type: "inspect", folder }, () => undefined, signal)).layout!;
  }

  dispose(): void {
    this.process?.release();
    this.process = null;
    if (this.idle !== null) clearTimeout(this.idle);
  }

  private async ask(question: Question, progress: Pending["progress"], signal: AbortSignal): Promise<Answer> {
    if (signal.aborted) throw new RevganError("interrupted", "cancelled", "start it again");
    const process = (this.process ??= this.start());
    if (this.idle !== null) clearTimeout(this.idle);
    const request = ++this.number;
    const cancel = (): void => process.send({ type: "cancel", request });
    signal.addEventListener("abort", cancel);
    try {
      const answer = await new Promise<Answer>((resolve, reject) => {
        this.pending.set(request, { resolve, reject, progress });
        process.hello.then(() => process.send({ ...question, request }), reject);
      });
      if (answer.failure !== null) throw RevganError.of(answer.failure);
      return answer;
    } finally {
      this.pending.delete(request);
      signal.removeEventListener("abort", cancel);
      this.restSoon();
    }
  }

  private start(): TrainerProcess {
    const { program, cwd, environment, log } = this.options;
    const process = new TrainerProcess({
      program,
      cwd,
      env: environment(),
      onMessage: (message) => this.hear(message),
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

  private hear(message: TrainerMessage): void {
    if (message.type === "answer") this.pending.get(message.request)?.resolve(message);
    else if (message.type === "progress")
      this.pending.get(message.request)?.progress(message.done, message.of, message.line);
    else if (message.type === "note") this.options.log(message.level, message.text);
  }

  private restSoon(): void {
    if (this.pending.size > 0) return;
    if (this.idle !== null) clearTimeout(this.idle);
    this.idle = setTimeout(() => this.dispose(), warmFor * 60_000);
    this.idle.unref();
  }
}
