import { Ledger } from "./ledger";
import { bytesOf, type Shape, Tensor } from "./tensor";
import { Work } from "./work";

/** How a piece of work changes a ledger, relative to the live bytes before it, and what it computes. */
export interface LedgerEffect {
  /** Bytes that it leaves allocated; negative where it freed more. */
  readonly change: BytesDelta;
  /** Bytes at its peak. */
  readonly peak: BytesDelta;
  /** Index of the part that it is in then. */
  readonly peakIndex: number;
  /** The kernels that it runs. */
  readonly work: Work;
  /** Bytes of activations that it leaves, and the most on the way. */
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
   * @param scratch bytes beside the result that its kernel needs at most
   */
  newTensor(shape: Shape, scratch = 0): Tensor {
    if (scratch > 0) this.scratch(scratch + bytesOf(shape));
    const tensor = new Tensor(shape, null, this.release);
    this.allocate(tensor);
    return tensor;
  }

  /** A tensor whose bytes were counted by {@link replay}; disposing it frees them. */
  tensorOfCountedBytes(shape: Shape, part: number): Tensor {
    const tensor = new Tensor(shape, null, this.release);
    tensor.partIndex = part;
    return tensor;
  }

  /** Runs a piece of work and returns its effect. Resets this ledger's peak to that of the work. */
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

  /** Counts a recorded piece of work again. */
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
