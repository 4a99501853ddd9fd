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
   * The part of the network that the step was in at the peak: of the nested parts (see `within`), the innermost that holds activations.
   * Other parts, such as gradients, are entered all over the network, so they do not tell where the step was.
   */
  peakIn: MemoryPart;
  /** The most bytes of activations at any moment, which need not be the moment of the peak. */
  largestActivations: number;
}

/** The index of each memory part (weights, moments, …) in an array with one byte count per part. */
export const partIndex = Object.fromEntries(memoryParts.map((part, index) => [part, index])) as Readonly<
  Record<MemoryPart, number>
>;

/** By index of a memory part, whether the part holds activations. */
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
  /**
   * Whether the live bytes are the peak. While they grow, `peakByPart` is not updated; it is copied just before a tensor is freed or moved.
   */
  protected atPeak = true;
  private tensorCount = 0;
  private currentIndex = partIndex.other;
  /** Index of the innermost current part that holds activations. */
  private placeIndex = partIndex.other;

  /** Called with the live bytes by part after every change; a trace sets it. */
  onChange: ((live: Readonly<BytesByPart>) => void) | null = null;

  /** Number of live tensors. */
  get count(): number {
    return this.tensorCount;
  }

  /** The memory part under which new tensors are counted. */
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

  /** Counts bytes that a kernel allocates and frees before it returns, since they can raise the peak. */
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

  /** Sets the peak, and the most bytes of activations, to the live bytes. */
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

  /** Called before the live bytes change: if they are the peak, copies them by part. */
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

  /** @param index index of the part whose bytes change; nothing happens unless the part holds activations */
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
