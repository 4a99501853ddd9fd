import { Ledger } from "./ledger";
import { bytesOf, type Shape, Tensor } from "./tensor";

/** What a piece of work does to a ledger, beside what was alive before it. Bytes in all, and by the place of the part. */
export interface Effect {
  /** What it leaves alive, or, below 0, has freed. */
  readonly change: Amount;
  /** What is alive at its peak. */
  readonly peak: Amount;
}

/** Bytes in all, and by the place of the part. */
interface Amount {
  readonly bytes: number;
  readonly byPlace: Float64Array;
}

/** A ledger of tensors without values, which can be told of work that was counted before. */
export class CountingLedger extends Ledger {
  private readonly release = (tensor: Tensor): void => this.free(tensor);

  /** A tensor of the part whose work this is. */
  made(shape: Shape, copies = 0): Tensor {
    if (copies > 0) this.scratch(copies + bytesOf(shape));
    const tensor = new Tensor(shape, null, this.release);
    this.allocate(tensor);
    return tensor;
  }

  /** A tensor whose bytes are counted already, for whoever frees it. */
  counted(shape: Shape, place: number): Tensor {
    const tensor = new Tensor(shape, null, this.release);
    tensor.partIndex = place;
    return tensor;
  }

  /** Counts a piece of work. This ledger's peak is the work's from then on. */
  effectOf(work: () => void): Effect {
    const [bytes, byPlace] = [this.liveBytes, this.liveByPlace.slice()];
    this.resetPeak();
    work();
    this.leavePeak();
    const beyond = (now: number, then: Float64Array): Amount => ({
      bytes: now - bytes,
      byPlace: then.map((each, place) => each - byPlace[place]!),
    });
    return { change: beyond(this.liveBytes, this.liveByPlace), peak: beyond(this.peakBytes, this.peakByPlace) };
  }

  /** Takes in a piece of work that was counted before. */
  repeat({ change, peak }: Effect): void {
    const { liveByPlace, peakByPlace } = this;
    this.leavePeak();
    if (this.liveBytes + peak.bytes > this.peakBytes) {
      this.peakBytes = this.liveBytes + peak.bytes;
      for (let i = 0; i < peakByPlace.length; i++) peakByPlace[i] = liveByPlace[i]! + peak.byPlace[i]!;
    }
    this.liveBytes += change.bytes;
    for (let i = 0; i < liveByPlace.length; i++) liveByPlace[i]! += change.byPlace[i]!;
  }
}
