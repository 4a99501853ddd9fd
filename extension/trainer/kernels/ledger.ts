import { type Part, parts } from "../../protocol/parts";
import { bytesOf, type Tensor } from "./tensor";

export type { Part };

/** Bytes by part. */
export type BytesByPart = Record<Part, number>;

/** A reading of the ledger. All in bytes. */
export interface MemoryReading {
  live: number;
  peak: number;
  peakByPart: BytesByPart;
}

const none = (): BytesByPart => Object.fromEntries(parts.map((part) => [part, 0])) as BytesByPart;

/**
 * Counts every live tensor of an engine, to the byte, by the part of the network that made it. It counts tensors alone: an
 * engine's scratch memory and its allocator's reserves show in the resident set only.
 */
export class Ledger {
  private readonly owners = new Map<Tensor, Part>();
  private readonly liveByPart = none();
  private part: Part = "other";
  private liveBytes = 0;
  private peakBytes = 0;
  private peakParts = none();

  /** Told the live bytes whenever they have changed; for a trace. */
  watcher: ((live: Readonly<BytesByPart>) => void) | null = null;

  /** Number of live tensors. */
  get count(): number {
    return this.owners.size;
  }

  /** Whose tensors are made now. */
  get currentPart(): Part {
    return this.part;
  }

  /** Runs `work`; the tensors made meanwhile belong to `part`. Innermost wins. */
  within<T>(part: Part, work: () => T): T {
    const outer = this.part;
    this.part = part;
    try {
      return work();
    } finally {
      this.part = outer;
    }
  }

  /** Enters a new tensor. */
  enter(tensor: Tensor): void {
    const bytes = bytesOf(tensor.shape);
    this.owners.set(tensor, this.part);
    this.liveByPart[this.part] += bytes;
    this.liveBytes += bytes;
    this.notePeak();
    this.watcher?.(this.liveByPart);
  }

  /** Notes bytes that are alive for a moment inside one kernel, beside all that was entered, and free again after it. */
  passing(bytes: number): void {
    this.holding(bytes, () => undefined);
  }

  /** Runs `work`, throughout which so many bytes are alive that were not entered. */
  holding<T>(bytes: number, work: () => T): T {
    this.liveByPart[this.part] += bytes;
    this.liveBytes += bytes;
    this.notePeak();
    this.watcher?.(this.liveByPart);
    try {
      return work();
    } finally {
      this.liveByPart[this.part] -= bytes;
      this.liveBytes -= bytes;
      this.watcher?.(this.liveByPart);
    }
  }

  /** Strikes a disposed tensor out. */
  leave(tensor: Tensor): void {
    const part = this.owners.get(tensor);
    if (part === undefined) throw new Error("a tensor of another ledger was disposed here");
    this.owners.delete(tensor);
    this.liveByPart[part] -= bytesOf(tensor.shape);
    this.liveBytes -= bytesOf(tensor.shape);
    this.watcher?.(this.liveByPart);
  }

  /** Hands live tensors over to another part, for example a gradient that a layer has just made. */
  assign(tensor: Tensor, part: Part): void {
    const bytes = bytesOf(tensor.shape);
    const before = this.owners.get(tensor);
    if (before === undefined) throw new Error("a tensor of another ledger was assigned here");
    this.owners.set(tensor, part);
    this.liveByPart[before] -= bytes;
    this.liveByPart[part] += bytes;
  }

  /** Starts a new peak from what is alive now. */
  resetPeak(): void {
    this.peakBytes = this.liveBytes;
    this.peakParts = { ...this.liveByPart };
  }

  /** What is alive now, and the peak since the last {@link resetPeak} with its parts. */
  read(): MemoryReading {
    return { live: this.liveBytes, peak: this.peakBytes, peakByPart: { ...this.peakParts } };
  }

  private notePeak(): void {
    if (this.liveBytes <= this.peakBytes) return;
    this.peakBytes = this.liveBytes;
    this.peakParts = { ...this.liveByPart };
  }
}
