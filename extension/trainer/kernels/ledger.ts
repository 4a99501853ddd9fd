import { isActivation, type MemoryPart, memoryParts } from "../../protocol/memoryParts";
import type { Tensor } from "./tensor";

export type { MemoryPart };

/** Bytes by part. */
export type BytesByPart = Record<MemoryPart, number>;

/** A reading of the ledger. All in bytes. */
export interface MemoryReading {
  live: number;
  peak: number;
  peakByPart: BytesByPart;
  /**
   * The part that the step was in at the peak: the innermost one entered that is of activations. Others, such as gradients, are passed
   * over: they are entered in all parts of the network, so they do not tell where the step was.
   */
  peakIn: MemoryPart;
  /** The most activations at any moment, which need not be that of the peak. */
  largestActivations: number;
}

/** The index of each memory part (weights, moments, …) in an array with one byte count per part. */
export const partIndex = Object.fromEntries(memoryParts.map((part, index) => [part, index])) as Readonly<
  Record<MemoryPart, number>
>;

/** Whether a part, by its index, is of activations. */
const isActivationIndex = memoryParts.map(isActivation);

/**
 * Counts the bytes of every live tensor of an engine by the part of the network that allocated it, and their peak. It counts tensors
 * alone: the memory inside an engine's kernels and its allocator's reserves show in the resident set only.
 */
export class Ledger {
  /** Indexed by {@link partIndex}, as {@link peakByPart} is. */
  protected readonly liveByPart = new Float64Array(memoryParts.length);
  protected readonly peakByPart = new Float64Array(memoryParts.length);
  protected liveBytes = 0;
  protected peakBytes = 0;
  /** Index of the part that the step was in at the peak. */
  protected peakIndex = partIndex.other;
  /** Live bytes of activations, and the most since the last {@link resetPeak}. */
  protected liveActivations = 0;
  protected largestActivations = 0;
  /** Whether the live bytes are the peak. While they grow, `peakByPart` is stale; it is copied when the first tensor is freed. */
  protected atPeak = true;
  private tensorCount = 0;
  private currentIndex = partIndex.other;
  /** The innermost current part that is of activations. */
  private placeIndex = partIndex.other;

  /** Called with the live bytes after every change; for a trace. */
  onChange: ((live: Readonly<BytesByPart>) => void) | null = null;

  /** Number of live tensors. */
  get count(): number {
    return this.tensorCount;
  }

  /** The part that new tensors belong to. */
  get currentPart(): MemoryPart {
    return memoryParts[this.currentIndex]!;
  }

  /** Runs `work`; tensors that it allocates belong to `part`. Calls nest: the innermost part counts. */
  within<T>(part: MemoryPart, work: () => T): T {
    const [outer, outerPlace] = [this.currentIndex, this.placeIndex];
    this.currentIndex = partIndex[part];
    if (isActivation(part)) this.placeIndex = this.currentIndex;
    try {
      return work();
    } finally {
      this.currentIndex = outer;
      this.placeIndex = outerPlace;
    }
  }

  /** Counts a new tensor under the current part. */
  allocate(tensor: Tensor): void {
    tensor.partIndex = this.currentIndex;
    this.tensorCount++;
    this.add(this.currentIndex, tensor.bytes);
  }

  /** Counts bytes that one kernel allocates and frees again before it returns: they can raise the peak. */
  scratch(bytes: number): void {
    this.add(this.currentIndex, bytes);
    this.subtract(this.currentIndex, bytes);
  }

  /** Removes a disposed tensor. */
  free(tensor: Tensor): void {
    const index = partIndexOf(tensor);
    tensor.partIndex = null;
    this.tensorCount--;
    this.subtract(index, tensor.bytes);
  }

  /** Moves a live tensor to another part, for example a gradient that a layer has just computed. */
  assign(tensor: Tensor, part: MemoryPart): void {
    const previous = partIndexOf(tensor);
    this.savePeakParts();
    tensor.partIndex = partIndex[part];
    this.liveByPart[previous]! -= tensor.bytes;
    this.liveByPart[tensor.partIndex]! += tensor.bytes;
    this.changeActivations(previous, -tensor.bytes);
    this.changeActivations(tensor.partIndex, tensor.bytes);
  }

  /** Sets the peak, and the most activations, to what is live. */
  resetPeak(): void {
    this.peakBytes = this.liveBytes;
    this.peakIndex = this.placeIndex;
    this.atPeak = true;
    this.largestActivations = this.liveActivations;
  }

  /** The live bytes, and the peak since the last {@link resetPeak}, with its parts. */
  read(): MemoryReading {
    const { liveBytes: live, peakBytes: peak, largestActivations } = this;
    const peakByPart = bytesByPart(this.atPeak ? this.liveByPart : this.peakByPart);
    return { live, peak, peakByPart, peakIn: memoryParts[this.peakIndex]!, largestActivations };
  }

  /** Copies the live bytes by part, if they are the peak, before they change. */
  protected savePeakParts(): void {
    if (!this.atPeak) return;
    this.atPeak = false;
    this.peakByPart.set(this.liveByPart);
  }

  private add(index: number, bytes: number): void {
    this.liveByPart[index]! += bytes;
    this.liveBytes += bytes;
    this.changeActivations(index, bytes);
    if (this.liveBytes > this.peakBytes) {
      this.peakBytes = this.liveBytes;
      this.peakIndex = this.placeIndex;
      this.atPeak = true;
    }
    this.notify();
  }

  private subtract(index: number, bytes: number): void {
    this.savePeakParts();
    this.liveByPart[index]! -= bytes;
    this.liveBytes -= bytes;
    this.changeActivations(index, -bytes);
    this.notify();
  }

  /** @param index of the part whose bytes change; nothing happens unless it is one of activations */
  private changeActivations(index: number, change: number): void {
    if (isActivationIndex[index] !== true) return;
    this.liveActivations += change;
    this.largestActivations = Math.max(this.largestActivations, this.liveActivations);
  }

  private notify(): void {
    if (this.onChange !== null) this.onChange(bytesByPart(this.liveByPart));
  }
}

function partIndexOf({ partIndex: place, shape }: Tensor): number {
  if (place === null) throw new Error(`tensor [${shape.join(", ")}] is in no ledger`);
  return place;
}

function bytesByPart(bytes: Float64Array): BytesByPart {
  return Object.fromEntries(memoryParts.map((part, index) => [part, bytes[index]!])) as BytesByPart;
}
