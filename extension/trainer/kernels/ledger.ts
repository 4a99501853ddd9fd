import { type MemoryPart, memoryParts } from "../../protocol/memoryParts";
import type { Tensor } from "./tensor";

export type { MemoryPart };

/** Bytes by part. */
export type BytesByPart = Record<MemoryPart, number>;

/** A reading of the ledger. All in bytes. */
export interface MemoryReading {
  live: number;
  peak: number;
  peakByPart: BytesByPart;
}

/** The place of each part in a list of bytes by part. */
export const partIndex = Object.fromEntries(memoryParts.map((part, place) => [part, place])) as Readonly<
  Record<MemoryPart, number>
>;

/**
 * Counts every live tensor of an engine, to the byte, by the part of the network that made it. It counts tensors alone: an
 * engine's scratch memory and its allocator's reserves show in the resident set only.
 */
export class Ledger {
  /** By the place of the part, as {@link peakByPlace} is. */
  protected readonly liveByPlace = new Float64Array(memoryParts.length);
  protected readonly peakByPlace = new Float64Array(memoryParts.length);
  protected liveBytes = 0;
  protected peakBytes = 0;
  /** Whether the peak is what is alive now. On a climb from peak to peak its parts are copied once, when something is freed. */
  protected atPeak = true;
  private tensors = 0;
  private place = partIndex.other;

  /** Told the live bytes whenever they have changed; for a trace. */
  onChange: ((live: Readonly<BytesByPart>) => void) | null = null;

  /** Number of live tensors. */
  get count(): number {
    return this.tensors;
  }

  /** Whose tensors are made now. */
  get currentPart(): MemoryPart {
    return memoryParts[this.place]!;
  }

  /** Runs `work`; the tensors made meanwhile belong to `part`. Innermost wins. */
  within<T>(part: MemoryPart, work: () => T): T {
    const outer = this.place;
    this.place = partIndex[part];
    try {
      return work();
    } finally {
      this.place = outer;
    }
  }

  /** Enters a new tensor. */
  allocate(tensor: Tensor): void {
    tensor.partIndex = this.place;
    this.tensors++;
    this.add(this.place, tensor.bytes);
  }

  /** Notes bytes that are alive for a moment inside one kernel, beside all that was entered, and free again after it. */
  scratch(bytes: number): void {
    this.add(this.place, bytes);
    this.subtract(this.place, bytes);
  }

  /** Strikes a disposed tensor out. */
  free(tensor: Tensor): void {
    const place = placeIn(tensor);
    tensor.partIndex = null;
    this.tensors--;
    this.subtract(place, tensor.bytes);
  }

  /** Hands live tensors over to another part, for example a gradient that a layer has just made. */
  assign(tensor: Tensor, part: MemoryPart): void {
    const before = placeIn(tensor);
    this.leavePeak();
    tensor.partIndex = partIndex[part];
    this.liveByPlace[before]! -= tensor.bytes;
    this.liveByPlace[tensor.partIndex]! += tensor.bytes;
  }

  /** Starts a new peak from what is alive now. */
  resetPeak(): void {
    this.peakBytes = this.liveBytes;
    this.atPeak = true;
  }

  /** What is alive now, and the peak since the last {@link resetPeak} with its parts. */
  read(): MemoryReading {
    const { liveBytes: live, peakBytes: peak } = this;
    return { live, peak, peakByPart: named(this.atPeak ? this.liveByPlace : this.peakByPlace) };
  }

  /** Copies the peak's parts, before those that are alive change. */
  protected leavePeak(): void {
    if (!this.atPeak) return;
    this.atPeak = false;
    this.peakByPlace.set(this.liveByPlace);
  }

  private add(place: number, bytes: number): void {
    this.liveByPlace[place]! += bytes;
    this.liveBytes += bytes;
    if (this.liveBytes > this.peakBytes) {
      this.peakBytes = this.liveBytes;
      this.atPeak = true;
    }
    this.tell();
  }

  private subtract(place: number, bytes: number): void {
    this.leavePeak();
    this.liveByPlace[place]! -= bytes;
    this.liveBytes -= bytes;
    this.tell();
  }

  private tell(): void {
    if (this.onChange !== null) this.onChange(named(this.liveByPlace));
  }
}

function placeIn({ partIndex: place, shape }: Tensor): number {
  if (place === null) throw new Error(`tensor [${shape.join(", ")}] is in no ledger`);
  return place;
}

function named(bytes: Float64Array): BytesByPart {
  return Object.fromEntries(memoryParts.map((part, place) => [part, bytes[place]!])) as BytesByPart;
}
