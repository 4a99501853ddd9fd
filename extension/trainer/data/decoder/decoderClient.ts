import { DiskFull, RevganError } from "../../../protocol/errors";
import type { IntensitySettings } from "../../volumes/intensity";
import type { DecodedVolume, Volume, VolumeRequest, WrittenType } from "../../volumes/volume";
import type { Picture } from "../picture";
import type { DecoderLimits, Failure } from "./decoderFiles";
import {
  type Decoded,
  type DecodeRequest,
  fileOf,
  type ImageInfo,
  type Inspection,
  type Result,
  type Task,
  type Thumbnail,
  type ThumbnailRequest,
} from "./decoderProtocol";
import { type Answer, DecoderProcess, interrupted } from "./decoderProcess";

export interface DecoderOptions extends Partial<DecoderLimits> {
  /**
   * Seconds that the decoder may take for one file, counted only while this process's event loop runs. After that the decoder is killed.
   */
  readonly timeLimit?: number;
  /** The code of errors about files: `data` in training, `input` for files named on the command line. */
  readonly code?: "data" | "input";
  /** Whether the decoder runs at a lower priority than other processes, because no training step waits for its results. */
  readonly isInBackground?: boolean;
  /** Path of decoder.js; tests pass a misbehaving one. */
  readonly program?: string;
}

interface Job {
  readonly id: number;
  readonly task: Task;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
  /** The number of decoder processes that have ended while they worked on this job. */
  crashes: number;
}

/**
 * Decodes and encodes images in a process of its own, one after the other, in the order of the calls. The first call starts the
 * process, and it is restarted after a crash or a timeout: no file can end the training. Whoever makes a client closes it.
 */
export class DecoderClient {
  private readonly queue: Job[] = [];
  private current: Job | null = null;
  private process: DecoderProcess | null = null;
  /** Cancels the current job's time limit. */
  private cancelTimeout = (): void => undefined;
  private nextId = 1;
  private closed = false;
  private readonly limits: DecoderLimits;
  private readonly timeLimit: number;

  constructor(private readonly options: DecoderOptions = {}) {
    this.limits = {
      maxPixels: options.maxPixels ?? 100e6,
      maxValues: options.maxValues ?? 2 ** 28,
      maxBytes: options.maxBytes ?? 2 ** 30,
    };
    this.timeLimit = options.timeLimit ?? 20;
  }

  /**
   * Reads an image and prepares it for the network.
   * @throws RevganError (`data`, or the code of the options) naming the file; `interrupted` when the signal is aborted
   */
  async decode(request: DecodeRequest, signal?: AbortSignal): Promise<Decoded> {
    return (await this.perform({ type: "decode", request }, signal)) as Decoded;
  }

  /** Reads a volume and prepares it for the network. Errors as `decode`. */
  async decodeVolume(request: VolumeRequest, signal?: AbortSignal): Promise<DecodedVolume> {
    return (await this.perform({ type: "decodeVolume", request }, signal)) as DecodedVolume;
  }

  /**
   * Decodes all of a file and describes it. Errors as `decode`.
   * @param intensity how a volume's intensities are scaled; null for an image
   */
  async inspect(file: string, signal?: AbortSignal, intensity: IntensitySettings | null = null): Promise<ImageInfo> {
    return (await this.perform({ type: "inspect", file, intensity }, signal)) as ImageInfo;
  }

  /**
   * Describes many files, as `inspect` describes one. They are one message, because this process may compute for seconds before it
   * handles an answer. An error about a file is not thrown: it takes that file's place in the result. When the decoder crashes or
   * exceeds its time limit, the files are sent again one by one.
   * @throws RevganError `interrupted`, `internal`
   */
  async inspectAll(
    files: readonly string[],
    inspection: Inspection,
    signal?: AbortSignal,
  ): Promise<(ImageInfo | RevganError)[]> {
    if (files.length === 0) return [];
    try {
      const task = { type: "inspectAll", files, ...inspection } as const;
      const found = (await this.perform(task, signal)) as readonly (ImageInfo | Failure)[];
      return found.map((one) => ("kind" in one ? this.errorOf(one) : one));
    } catch (error) {
      if (!isFileError(error)) throw error;
    }
    const found = [];
    for (const file of files) {
      const one = this.perform({ type: "inspect", file, ...inspection }, signal) as Promise<ImageInfo>;
      found.push(
        await one.catch((error: unknown) => {
          if (isFileError(error)) return error;
          throw error;
        }),
      );
    }
    return found;
  }

  /** Makes a small picture for a page. Errors as `decode`. */
  async thumbnail(file: string, request: ThumbnailRequest, signal?: AbortSignal): Promise<Thumbnail> {
    return (await this.perform({ type: "thumbnail", file, ...request }, signal)) as Thumbnail;
  }

  /**
   * Writes a PNG with the picture's bits and alpha, atomically. Its folder is created.
   * @throws RevganError `input` when the file exists and must not be overwritten, `disk` when it cannot be written
   */
  async encode(picture: Picture, file: string, { overwrite = false }: { overwrite?: boolean } = {}): Promise<void> {
    await this.perform({ type: "encode", file, picture, overwrite });
  }

  /** Writes a volume as NIfTI, its values rescaled to its intensity window; see `niftiOf`. Errors as `encode`. */
  async encodeVolume(
    volume: Volume,
    file: string,
    options: { as: WrittenType; description: string; overwrite?: boolean },
  ): Promise<void> {
    await this.perform({ type: "encodeVolume", file, volume, overwrite: false, ...options });
  }

  /** The process's id while it runs. */
  get pid(): number | undefined {
    return this.process?.pid;
  }

  /** Ends the process. Unfinished calls fail with `interrupted`. */
  close(): void {
    this.closed = true;
    const unfinished = [...(this.current === null ? [] : [this.current]), ...this.queue.splice(0)];
    this.current = null;
    this.cancelTimeout();
    this.process?.kill();
    this.process = null;
    for (const job of unfinished) job.reject(interrupted());
  }

  private perform(task: Task, signal?: AbortSignal): Promise<Result> {
    if (signal?.aborted === true || this.closed) return Promise.reject(interrupted());
    return new Promise((resolve, reject) => {
      const onAbort = (): void => this.cancel(job);
      const settled =
        <T>(settle: (value: T) => void) =>
        (value: T) => {
          signal?.removeEventListener("abort", onAbort);
          settle(value);
        };
      const job: Job = { id: this.nextId++, task, resolve: settled(resolve), reject: settled(reject), crashes: 0 };
      signal?.addEventListener("abort", onAbort);
      this.queue.push(job);
      this.startNext();
    });
  }

  /** Rejects a job. The decoder is not stopped if it works on it: its answer is ignored, and its time limit still applies. */
  private cancel(job: Job): void {
    const place = this.queue.indexOf(job);
    if (place >= 0) this.queue.splice(place, 1);
    job.reject(interrupted());
  }

  private startNext(): void {
    if (this.current !== null) return;
    const job = this.queue.shift();
    if (job === undefined) return;
    this.current = job;
    const process = (this.process ??= this.startProcess());
    // The time limit begins when the process is ready: starting it is not the file's fault.
    process.ready.then(
      () => {
        if (this.current !== job || this.process !== process) return;
        this.cancelTimeout = responsiveTimeout(this.timeLimit, () => this.onTimeout(job, process));
        process.send({ id: job.id, task: job.task, limits: this.limits });
      },
      (error: unknown) => {
        if (this.process === process) this.process = null;
        this.finish(job, () => job.reject(error as Error));
      },
    );
  }

  private startProcess(): DecoderProcess {
    const process = new DecoderProcess(
      (answer) => this.onAnswer(answer),
      () => this.onExit(process),
      this.options.program,
    );
    if (this.options.isInBackground === true) process.lowerPriority();
    return process;
  }

  private onAnswer(answer: Answer): void {
    const job = this.current;
    // An answer of a process that was killed meanwhile may still arrive, and is ignored.
    if (job?.id !== answer.id) return;
    this.finish(job, () =>
      answer.type === "done" ? job.resolve(answer.result) : job.reject(this.errorOf(answer.failure)),
    );
  }

  private onTimeout(job: Job, process: DecoderProcess): void {
    this.process = null;
    process.kill();
    const message = `${fileOf(job.task)} took longer than ${this.timeLimit} s: the decoder was stopped`;
    this.finish(job, () => job.reject(this.fileError(message, "replace it or remove it")));
  }

  private onExit(process: DecoderProcess): void {
    if (this.process !== process) return;
    this.process = null;
    const job = this.current;
    if (job === null) return;
    this.cancelTimeout();
    job.crashes++;
    if (job.crashes === 1) {
      // The first crash is not blamed on the file, because the system may have killed the process for another reason, such as low memory.
      this.current = null;
      this.queue.unshift(job);
      this.startNext();
      return;
    }
    const message = `${fileOf(job.task)} could not be ${job.task.type === "encode" || job.task.type === "encodeVolume" ? "written" : "read"}: the decoder stopped on it`;
    this.finish(job, () => job.reject(this.fileError(message, "replace it or remove it")));
  }

  private finish(job: Job, settle: () => void): void {
    if (this.current !== job) return;
    this.cancelTimeout();
    this.current = null;
    settle();
    this.startNext();
  }

  private errorOf({ kind, message, remedy }: Failure): RevganError {
    if (kind === "file") return this.fileError(message, remedy);
    if (kind === "full") return new DiskFull(message, remedy);
    return new RevganError(kind === "disk" ? "disk" : "input", message, remedy);
  }

  private fileError(message: string, remedy: string): RevganError {
    return new RevganError(this.options.code ?? "data", message, remedy);
  }
}

function isFileError(error: unknown): error is RevganError {
  return error instanceof RevganError && error.code !== "interrupted" && error.code !== "internal";
}

/** {@link responsiveTimeout} divides its limit into this many intervals, and counts those in which the event loop ran. */
const intervals = 20;

/**
 * A timeout that counts only the time in which this process's event loop ran. A training step may block the loop for seconds or
 * minutes: an answer that arrived meanwhile is handled after it, and is not late.
 *
 * @returns cancels the timeout
 */
function responsiveTimeout(seconds: number, onTimeout: () => void): () => void {
  const interval = (seconds * 1000) / intervals;
  let responsive = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    if (now - last < 2 * interval) responsive++;
    last = now;
    if (responsive < intervals) return;
    clearInterval(timer);
    onTimeout();
  }, interval);
  return () => clearInterval(timer);
}
