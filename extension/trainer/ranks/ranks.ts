import { hostname } from "node:os";
import { deserialize, serialize } from "node:v8";
import { RevganError, type Failure } from "../../protocol/errors";
import type { BatchShare } from "../data/sampler";
import type { Launch } from "./launcher";
import { type Communicator, openMpi } from "./mpi";

/** A rank's requests when all ranks meet; a request of one rank is carried out on all. */
export interface Wishes {
  /** Whether to stop after this step. */
  readonly stop: boolean;
  /** Whether to translate the samples now. */
  readonly samples: boolean;
  /** Whether to validate now. */
  readonly validate: boolean;
  /** Whether to write a checkpoint now. */
  readonly save: boolean;
  /** Whether to end the training here, because it no longer improves. */
  readonly end: boolean;
}

const none: Wishes = { stop: false, samples: false, validate: false, save: false, end: false };
const wishNames = Object.keys(none) as readonly (keyof Wishes)[];

/** Bytes of all ranks together that rank 0 collects in one call. MPI takes less than 2³¹ bytes of each rank in a call. */
const collectedAtOnce = 2 ** 26;

/** Where a rank computes, for `run.json`. */
export interface RankDescription {
  readonly host: string;
  readonly engine: string;
  readonly device: string | null;
}

/**
 * The processes that train one network together, each on its rows of every batch. For a training without a launcher this is one process,
 * and all methods do nothing.
 *
 * All ranks make the same calls in the same order. They call `meet` before anything large is exchanged. There each rank reports whether it
 * has failed, so that no rank waits for one that has left.
 */
export class Ranks {
  /** Failures that all ranks know, or that can no longer be reported to any rank. */
  private readonly shared = new WeakSet<Error>();
  /** The machine's name of each rank. */
  private hosts: readonly string[] = [hostname()];
  private isOver = false;
  /** Rejects when another rank hangs, because a collective call would wait for that rank for ever. */
  private readonly lost: Promise<never>;

  private lose: (error: RevganError) => void = () => undefined;

  private constructor(private readonly communicator: Communicator | null) {
    this.lost = new Promise((_, reject) => (this.lose = reject));
    this.lost.catch(() => undefined);
  }

  /** The ranks of a training that is a single process. */
  static readonly alone = new Ranks(null);

  /** Connects this process with the others of a training. Errors as {@link openMpi}. */
  static async connect(launch: Launch): Promise<Ranks> {
    // `report` is replaced once `openMpi` has returned; until then all ranks are known to be alive.
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

  /** This rank's number among those on this machine, and the number of these ranks. */
  get local(): { readonly rank: number; readonly size: number } {
    return { rank: this.communicator?.localRank ?? 0, size: this.communicator?.localSize ?? 1 };
  }

  /**
   * Waits for all ranks. Returns the requests that any of them has.
   * @throws RevganError the error of a rank that has failed, the same on all ranks
   */
  async meet(wishes: Partial<Wishes> = {}): Promise<Wishes> {
    const own: Wishes = { ...none, ...wishes };
    if (this.communicator === null) return own;
    const [failures, ...sums] = await this.sumOf([0, ...wishNames.map((name) => Number(own[name]))]);
    if (failures! > 0) throw await this.agreeOnFailure(null);
    return { ...none, ...Object.fromEntries(wishNames.map((name, i) => [name, sums[i]! > 0])) };
  }

  /**
   * Reports to all ranks at their next meeting that this one has failed. Returns the error that every rank throws, which is that of the
   * lowest failed rank. An error that all ranks know already is returned unchanged.
   */
  async tellFailure(error: unknown): Promise<unknown> {
    if (this.communicator === null || this.isOver || (error instanceof Error && this.shared.has(error))) return error;
    const own = RevganError.from(error, "report this", "something unexpected happened: ");
    try {
      await this.sumOf([1, ...wishNames.map(() => 0)]);
      return await this.agreeOnFailure(own);
    } catch {
      // Another rank hangs, so that nothing can be reported.
      return own;
    }
  }

  /**
   * Replaces the first `means` values by their means over all ranks, the others by their sums. All ranks get the same bits. Call `meet`
   * first.
   */
  async sum(values: Float32Array, means = 0): Promise<void> {
    if (this.communicator !== null) await Promise.race([this.communicator.sum(values, means), this.lost]);
  }

  /** Every rank's value, in the order of the ranks, on all ranks; values are sent as JSON. Call `meet` first. */
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
   * Every rank's value, which may hold typed arrays, in the order of the ranks on rank 0; null on the others. Rank 0's own value is the
   * object itself, the others are copies in memory of their own. Call `meet` first.
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
   * Compares values that must be equal on all ranks.
   * @param own values by their names in messages, for example "weights"
   * @throws RevganError `run` naming the value that differs, the same on all ranks
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

  /** Meets all ranks, and returns the description of each, with the machine's name. */
  async introduce<T extends Omit<RankDescription, "host">>(own: T): Promise<(T & RankDescription)[]> {
    await this.meet();
    return this.exchange({ ...own, host: this.hosts[this.rank]! });
  }

  /**
   * Waits for all ranks, and ends the connection. Where another rank hangs, ends all processes instead.
   * @param exitCode of this process in that case; 0 is replaced by 1
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
