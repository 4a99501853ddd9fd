import { DiskFull, RevganError } from "../../../protocol/errors";
import { afterListening } from "./afterListening";
import { DecoderProcess, interrupted } from "./decoderProcess";
import type { DecodedVolume, Volume, WrittenType } from "../../volumes/volume";
import type { IntensitySettings } from "../../volumes/intensity";
import type { VolumeRequest } from "../../volumes/volumeRequest";
import type { DecoderLimits } from "./decoderLimits";
import type { Decoded, DecodeRequest, DecoderMessage, Result, Task } from "./decoderProtocol";
import type { Failure } from "./fileFault";
import type { ImageInfo } from "./imageInfo";
import type { Picture } from "./picture";

export interface DecoderOptions extends Partial<DecoderLimits> {
  /** Seconds of listening that one file may take; then its decoder is killed. */
  readonly timeLimit?: number;
  /** The code of errors about files: `data` in training, `input` for files named on the command line. */
  readonly code?: "data" | "input";
  /** Path of decoder.js; tests put a misbehaving one here. */
  readonly program?: string;
}

interface Job {
  readonly id: number;
  readonly task: Task;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
  /** How many decoders have died on it. */
  deaths: number;
}

type Answer = Exclude<DecoderMessage, { type: "ready" }>;

/**
 * Decodes and encodes images in a process of its own, one after the other, in the order of the calls. The process is started
 * by the first call and started again when it dies: training survives any file. Whoever makes one closes it.
 */
export class DecoderClient {
  private readonly waiting: Job[] = [];
  private current: Job | null = null;
  private process: DecoderProcess | null = null;
  /** Ends the wait for the current job. */
  private waitNoMore = (): void => undefined;
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
   * @throws RevganError (`data`, or the code of the options) naming the file; `interrupted` when the signal says so
   */
  async decode(request: DecodeRequest, signal?: AbortSignal): Promise<Decoded> {
    return (await this.perform({ type: "decode", request }, signal)) as Decoded;
  }

  /** Reads a volume and prepares it for the network. Errors as `decode`. */
  async decodeVolume(request: VolumeRequest, signal?: AbortSignal): Promise<DecodedVolume> {
    return (await this.perform({ type: "decodeVolume", request }, signal)) as DecodedVolume;
  }

  /**
   * Decodes all of a file and tells what it is. Errors as `decode`.
   * @param intensity how a volume's intensities are scaled; null for an image
   */
  async inspect(file: string, signal?: AbortSignal, intensity: IntensitySettings | null = null): Promise<ImageInfo> {
    return (await this.perform({ type: "inspect", file, intensity }, signal)) as ImageInfo;
  }

  /**
   * Writes a PNG with the picture's bits and alpha; the file is whole or absent. Its folder is made.
   * @throws RevganError `input` when the file exists and is not to be overwritten, `disk` when it cannot be written
   */
  async encode(picture: Picture, file: string, { overwrite = false }: { overwrite?: boolean } = {}): Promise<void> {
    await this.perform({ type: "encode", file, picture, overwrite });
  }

  /** Writes a volume as NIfTI, with its intensities as its window says; see `niftiOf`. Errors as `encode`. */
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

  /** Ends the process. What is still under way fails with `interrupted`. */
  close(): void {
    this.closed = true;
    const unfinished = [...(this.current === null ? [] : [this.current]), ...this.waiting.splice(0)];
    this.current = null;
    this.waitNoMore();
    this.process?.kill();
    this.process = null;
    for (const job of unfinished) job.reject(interrupted());
  }

  private perform(task: Task, signal?: AbortSignal): Promise<Result> {
    if (signal?.aborted === true || this.closed) return Promise.reject(interrupted());
    return new Promise((resolve, reject) => {
      const abort = (): void => this.abandon(job);
      const settled =
        <T>(settle: (value: T) => void) =>
        (value: T) => {
          signal?.removeEventListener("abort", abort);
          settle(value);
        };
      const job: Job = { id: this.nextId++, task, resolve: settled(resolve), reject: settled(reject), deaths: 0 };
      signal?.addEventListener("abort", abort);
      this.waiting.push(job);
      this.next();
    });
  }

  /** A job under way is not interrupted: its answer is dropped when it comes, and its time limit stays. */
  private abandon(job: Job): void {
    const place = this.waiting.indexOf(job);
    if (place >= 0) this.waiting.splice(place, 1);
    job.reject(interrupted());
  }

  private next(): void {
    if (this.current !== null) return;
    const job = this.waiting.shift();
    if (job === undefined) return;
    this.current = job;
    const process = (this.process ??= this.start());
    // The time limit is the file's, not the start's.
    process.ready.then(
      () => {
        if (this.current !== job || this.process !== process) return;
        this.waitNoMore = afterListening(this.timeLimit, () => this.tooSlow(job, process));
        process.send({ id: job.id, task: job.task, limits: this.limits });
      },
      (error: unknown) => {
        if (this.process === process) this.process = null;
        this.finish(job, () => job.reject(error as Error));
      },
    );
  }

  private start(): DecoderProcess {
    const process = new DecoderProcess(
      (answer) => this.answered(answer),
      () => this.died(process),
      this.options.program,
    );
    return process;
  }

  private answered(answer: Answer): void {
    const job = this.current;
    // The answer of a process that was killed meanwhile may still arrive.
    if (job?.id !== answer.id) return;
    this.finish(job, () =>
      answer.type === "done" ? job.resolve(answer.result) : job.reject(this.errorOf(answer.failure)),
    );
  }

  private tooSlow(job: Job, process: DecoderProcess): void {
    this.process = null;
    process.kill();
    const message = `${fileOf(job.task)} took longer than ${this.timeLimit} s: the decoder was stopped`;
    this.finish(job, () => job.reject(this.fileError(message, "replace it or remove it")));
  }

  private died(process: DecoderProcess): void {
    if (this.process !== process) return;
    this.process = null;
    const job = this.current;
    if (job === null) return;
    this.waitNoMore();
    job.deaths++;
    if (job.deaths === 1) {
      // The system may have killed it for reasons of its own, such as memory: a file is guilty when it does it twice.
      this.current = null;
      this.waiting.unshift(job);
      this.next();
      return;
    }
    const message = `${fileOf(job.task)} could not be ${job.task.type === "encode" || job.task.type === "encodeVolume" ? "written" : "read"}: the decoder stopped on it`;
    this.finish(job, () => job.reject(this.fileError(message, "replace it or remove it")));
  }

  private finish(job: Job, settle: () => void): void {
    if (this.current !== job) return;
    this.waitNoMore();
    this.current = null;
    settle();
    this.next();
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

function fileOf(task: Task): string {
  return "request" in task ? task.request.file : task.file;
}
