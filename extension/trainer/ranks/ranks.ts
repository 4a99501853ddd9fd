import { hostname } from "node:os";
import { deserialize, serialize } from "node:v8";
import { RevganError, type Failure } from "../../protocol/errors";
import type { BatchShare } from "../data/sampler";
import type { Launch } from "./launcher";
import { type Communicator, openMpi } from "./mpi";

/** What a rank wants when all meet; what one wants happens on all. */
export interface Wishes {
  /** To stop after this step. */
  readonly stop: boolean;
  /** To translate the samples now. */
  readonly samples: boolean;
  /** To validate now. */
  readonly validate: boolean;
  /** To write a checkpoint now. */
  readonly save: boolean;
  /** To end the training here, as it does not improve any more. */
  readonly end: boolean;
}

const none: Wishes = { stop: false, samples: false, validate: false, save: false, end: false };
const wishNames = Object.keys(none) as readonly (keyof Wishes)[];

/** Bytes that the first rank collects at a time, of all ranks together. A call of MPI takes less than 2³¹ of each. */
const collectedAtOnce = 2 ** 26;

/** Where a rank runs, for `run.json`. */
export interface RankDescription {
  readonly host: string;
  readonly engine: string;
  readonly device: string | null;
}

/**
 * The processes that train one network together, each on its rows of every batch. A training that is not started by a launcher is alone,
 * and all of this then does nothing.
 *
 * All ranks do the same in the same order. They meet before anything large is exchanged, and at a meeting a rank tells whether it has
 * failed, so that no rank waits for one that has left.
 */
export class Ranks {
  /** Failures that all ranks know of, or that no rank can be told of any more. */
  private readonly shared = new WeakSet<Error>();
  /** Where each rank runs. */
  private hosts: readonly string[] = [hostname()];
  private isOver = false;
  /** Rejected when another rank hangs, for which a collective call would wait for ever. */
  private readonly lost: Promise<never>;

  private lose: (error: RevganError) => void = () => undefined;

  private constructor(private readonly communicator: Communicator | null) {
    this.lost = new Promise((_, reject) => (this.lose = reject));
    this.lost.catch(() => undefined);
  }

  /** A training of one process. */
  static readonly alone = new Ranks(null);

  /** Connects this process with the others of a training. Errors as {@link openMpi}. */
  static async connect(launch: Launch): Promise<Ranks> {
    // It may be called only after `openMpi` has returned, since all ranks are there until then.
    const hanging: { report: (rank: number) => void } = { report: () => undefined };
    const ranks = new Ranks(await openMpi(launch, (rank) => hanging.report(rank)));
    hanging.report = (rank) => ranks.endFor(rank);
    ranks.hosts = await ranks.exchange(ranks.communicator!.host);
    return ranks;
  }

  get rank(): number {
    return this.communicator?.rank ?? 0;
  }

  get size(): number {
    return this.communicator?.size ?? 1;
  }

  /** Whether this is the rank that writes the run folder and talks to the user. */
  get isFirst(): boolean {
    return this.rank === 0;
  }

  /** This rank's part of every batch. */
  get share(): BatchShare {
    return { part: this.rank, parts: this.size };
  }

  /** Among the ranks on this machine. */
  get local(): { readonly rank: number; readonly size: number } {
    return { rank: this.communicator?.localRank ?? 0, size: this.communicator?.localSize ?? 1 };
  }

  /**
   * Waits for all ranks. Returns what any of them wishes.
   * @throws RevganError that of a rank that has failed, the same on all
   */
  async meet(wishes: Partial<Wishes> = {}): Promise<Wishes> {
    const own: Wishes = { ...none, ...wishes };
    if (this.communicator === null) return own;
    const [failures, ...sums] = await this.sumOf([0, ...wishNames.map((name) => Number(own[name]))]);
    if (failures! > 0) throw await this.agreeOnFailure(null);
    return { ...none, ...Object.fromEntries(wishNames.map((name, i) => [name, sums[i]! > 0])) };
  }

  /**
   * Tells all ranks at their next meeting that this one has failed. Returns the error that is thrown on each: of several the first
   * rank's. One that is already shared is returned as it is.
   */
  async tellFailure(error: unknown): Promise<unknown> {
    if (this.communicator === null || this.isOver || (error instanceof Error && this.shared.has(error))) return error;
    const own = RevganError.from(error, "report this", "something unexpected happened: ");
    try {
      await this.sumOf([1, ...wishNames.map(() => 0)]);
      return await this.agreeOnFailure(own);
    } catch {
      // Another rank hangs, so that nothing can be told.
      return own;
    }
  }

  /** Replaces the first values by their means over all ranks, the others by their sums; the same bits on each. Meet first. */
  async sum(values: Float32Array, means = 0): Promise<void> {
    if (this.communicator !== null) await Promise.race([this.communicator.sum(values, means), this.lost]);
  }

  /** What every rank has to say, in their order. Meet first. */
  async exchange<T>(own: T): Promise<T[]> {
    if (this.communicator === null) return [own];
    const bytes = new TextEncoder().encode(JSON.stringify(own));
    const lengths = new Float32Array(this.size);
    lengths[this.rank] = bytes.length;
    await this.sum(lengths);
    const longest = Math.max(...lengths);
    const padded = new Uint8Array(longest);
    padded.set(bytes);
    const all = new Uint8Array(longest * this.size);
    await Promise.race([this.communicator.gather(padded, all, true), this.lost]);
    const decoder = new TextDecoder();
    return [...lengths].map(
      (length, rank) => JSON.parse(decoder.decode(all.subarray(rank * longest, rank * longest + length))) as T,
    );
  }

  /**
   * What every rank has, with its typed arrays, in their order on the first rank; null on the others. Meet first. Of the first rank it
   * is the object itself, of another one a copy in memory of its own.
   */
  async collect<T>(own: T): Promise<T[] | null> {
    if (this.communicator === null) return [own];
    const sent = this.isFirst ? new Uint8Array() : serialize(own);
    const lengths = await this.exchange(sent.length);
    const received = this.isFirst ? lengths.map((length) => new Uint8Array(length)) : null;
    const [longest, most] = [Math.max(...lengths), Math.floor(collectedAtOnce / this.size)];
    for (let at = 0; at < longest; at += most) {
      const length = Math.min(most, longest - at);
      const piece = new Uint8Array(length);
      piece.set(sent.subarray(at, at + length));
      const all = new Uint8Array(this.isFirst ? length * this.size : 0);
      await Promise.race([this.communicator.gather(piece, all, false), this.lost]);
      for (const [rank, bytes] of received?.entries() ?? []) {
        const room = bytes.subarray(at, at + length);
        room.set(all.subarray(rank * length, rank * length + room.length));
      }
    }
    return received === null ? null : [own, ...received.slice(1).map((bytes) => deserialize(bytes) as T)];
  }

  /**
   * Compares what must be equal everywhere.
   * @param own by what it is called in a message, for example "weights"
   * @throws RevganError `run` naming what differs, the same on all ranks
   */
  async requireEqual(own: Readonly<Record<string, string>>, when: string): Promise<void> {
    if (this.communicator === null) return;
    await this.meet();
    const all = await this.exchange(own);
    for (const [name, expected] of Object.entries(all[0]!)) {
      const rank = all.findIndex((values) => values[name] !== expected);
      if (rank < 0) continue;
      const error = new RevganError(
        "run",
        `${when}, rank ${rank} on ${this.hosts[rank]!} differs from rank 0 on ${this.hosts[0]!} in ${name}`,
        "start every rank with the same configuration, data and version of RevGAN, on processors of one kind",
      );
      this.shared.add(error);
      throw error;
    }
  }

  /** Meets all ranks, and hears where each of them runs, and more that it tells. */
  async introduce<T extends Omit<RankDescription, "host">>(own: T): Promise<(T & RankDescription)[]> {
    await this.meet();
    return this.exchange({ ...own, host: this.hosts[this.rank]! });
  }

  /**
   * Waits for all ranks, and ends the connection; where another rank hangs, ends all of them.
   * @param exitCode of this process, for that case; not 0 then
   */
  async close(exitCode: number): Promise<void> {
    if (this.communicator === null) return;
    this.isOver = true;
    await Promise.race([this.communicator.finish(), this.lost]).catch(() =>
      this.communicator!.abort(exitCode === 0 ? 1 : exitCode),
    );
  }

  private async sumOf(values: readonly number[]): Promise<Float32Array> {
    const sums = new Float32Array(values);
    await this.sum(sums);
    return sums;
  }

  private endFor(rank: number): void {
    const error = new RevganError(
      "ranks",
      `rank ${rank} on ${this.hosts[rank]!} does not answer any more`,
      "see whether its machine is up, then go on with `revgan resume`",
    );
    this.shared.add(error);
    this.lose(error);
  }

  private async agreeOnFailure(own: RevganError | null): Promise<RevganError> {
    const said: SharedFailure | null = own && { ...own.failure, resumeWith: own.resumeWith ?? null };
    const all = await this.exchange(said);
    const rank = all.findIndex((each) => each !== null);
    const first = all[rank]!;
    const message = rank === 0 ? first.message : `rank ${rank} on ${this.hosts[rank]!}: ${first.message}`;
    const error = new RevganError(first.code, message, first.remedy, {
      cause: own,
      ...(first.resumeWith !== null && { resumeWith: first.resumeWith }),
    });
    this.shared.add(error);
    return error;
  }
}

interface SharedFailure extends Failure {
  readonly resumeWith: string | null;
}
