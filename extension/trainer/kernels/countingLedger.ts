import { Ledger } from "./ledger";
import { bytesOf, type Shape, Tensor } from "./tensor";
import { Work } from "./work";

/** How a piece of work changes a ledger, relative to the live bytes before the work, and the kernels that it runs. */
export interface LedgerEffect {
  /** Bytes that the work leaves allocated; negative if it frees more than it allocates. */
  readonly change: BytesDelta;
  /** Bytes at the peak of the work. */
  readonly peak: BytesDelta;
  /** Index of the memory part that the work is in at its peak. */
  readonly peakIndex: number;
  /** The kernels that the work runs. */
  readonly work: Work;
  /** Bytes of activations that the work leaves allocated, and the most at any moment of the work. */
  readonly activations: { readonly change: number; readonly largest: number };
}

/** Bytes in total, and by part, indexed by `partIndex`. */
interface BytesDelta {
  readonly bytes: number;
  readonly byPart: Float64Array;
}

/** A ledger of tensors without values. It can record what a piece of work allocates, and replay that without running the work again. */
export class CountingLedger extends Ledger {
  /** The kernels that have run. */
  work = new Work();
  private readonly release = (tensor: Tensor): void => this.free(tensor);

  /**
   * Allocates a tensor of the current part.
   *
   * @param scratch the most bytes that the tensor's kernel needs beside the result
   */
  newTensor(shape: Shape, scratch = 0): Tensor {
    if (scratch > 0) this.scratch(scratch + bytesOf(shape));
    const tensor = new Tensor(shape, null, this.release);
    this.allocate(tensor);
    return tensor;
  }

  /** A tensor whose bytes {@link replay} has counted already. Disposing of it frees these bytes. */
  tensorOfCountedBytes(shape: Shape, part: number): Tensor {
    const tensor = new Tensor(shape, null, this.release);
    tensor.partIndex = part;
    return tensor;
  }

  /** Runs a piece of work and returns its effect. Afterwards this ledger's peak is that of the work. */
  record(work: () => void): LedgerEffect {
    const [bytesBefore, byPartBefore] = [this.liveBytes, this.liveByPart.slice()];
    const [activationsBefore, workBefore] = [this.liveActivations, this.work];
    this.work = new Work();
    this.resetPeak();
    work();
    const done = this.work;
    this.work = workBefore;
    this.work.addAll(done);
    this.savePeakParts();
    const delta = (bytes: number, byPart: Float64Array): BytesDelta => ({
      bytes: bytes - bytesBefore,
      byPart: byPart.map((each, part) => each - byPartBefore[part]!),
    });
    return {
      change: delta(this.liveBytes, this.liveByPart),
      peak: delta(this.peakBytes, this.peakByPart),
      peakIndex: this.peakIndex,
      work: done,
      activations: {
        change: this.liveActivations - activationsBefore,
        largest: this.largestActivations - activationsBefore,
      },
    };
  }

  /** Counts a recorded piece of work again, without running it. */
  replay({ change, peak, peakIndex, activations, work }: LedgerEffect): void {
    this.work.addAll(work);
    const { liveByPart, peakByPart } = this;
    this.savePeakParts();
    if (this.liveBytes + peak.bytes > this.peakBytes) {
      this.peakBytes = this.liveBytes + peak.bytes;
      this.peakIndex = peakIndex;
      for (let i = 0; i < peakByPart.length; i++) peakByPart[i] = liveByPart[i]! + peak.byPart[i]!;
    }
    this.largestActivations = Math.max(this.largestActivations, this.liveActivations + activations.largest);
    this.liveActivations += activations.change;
    this.liveBytes += change.bytes;
    for (let i = 0; i < liveByPart.length; i++) liveByPart[i]! += change.byPart[i]!;
  }
}
