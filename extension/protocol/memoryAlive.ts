/** A trained tensor: its size, and whether the step has a gradient for it by now. */
export interface PaperParameter {
  readonly bytes: number;
  /** Numbers of a bias that PyTorch's layer may have and ours has not, as it is in front of a norm. */
  readonly bias?: number;
  gathered: boolean;
}

/** Bytes that are alive, and those of the gradients among them. */
export interface Bytes {
  readonly bytes: number;
  readonly gradients: number;
}

/** What a piece of work changes in what is alive, and how far above what was alive before it its worst moment is. */
export interface Stretch {
  readonly change: Bytes;
  readonly peak: Bytes;
}

/** Bytes that are alive while a step is walked through on paper, and the most that ever were. */
export class Alive {
  private live: number;
  private gradients = 0;
  private most: Bytes;

  /**
   * @param bytes that live through the whole step: weights and moments
   * @param copies whether the engine makes copies around a convolution
   */
  constructor(
    bytes: number,
    private readonly copies: boolean,
  ) {
    this.live = bytes;
    this.most = { bytes, gradients: 0 };
  }

  /** The most bytes so far, and those of the gradients among them. */
  get peak(): Bytes {
    return this.most;
  }

  /** Nothing alive yet, on the same engine: for what is walked through apart. */
  apart(): Alive {
    return new Alive(0, this.copies);
  }

  /** Walks through work that is done many times in one way, so that {@link pass} can repeat it. */
  stretch(work: (alive: Alive) => void): Stretch {
    const alive = this.apart();
    work(alive);
    return { change: { bytes: alive.live, gradients: alive.gradients }, peak: alive.most };
  }

  /** Repeats a stretch of work. */
  pass({ change, peak }: Stretch): void {
    const bytes = this.live + peak.bytes;
    if (bytes > this.most.bytes) this.most = { bytes, gradients: this.gradients + peak.gradients };
    this.live += change.bytes;
    this.gradients += change.gradients;
  }

  /** A tensor is made. */
  take(bytes: number): void {
    this.live += bytes;
    if (this.live > this.most.bytes) this.most = { bytes: this.live, gradients: this.gradients };
  }

  /** Copies were made for a moment around the work on what was taken last. */
  passing(bytes: number): void {
    if (!this.copies) return;
    this.take(bytes);
    this.drop(bytes);
  }

  /** Tensors are freed. */
  drop(...bytes: readonly number[]): void {
    for (const each of bytes) this.live -= each;
  }

  /** Tensors of one size are made one after the other, each from the one before, which is freed: the last is left. */
  through(bytes: number, times: number): void {
    for (let i = 0; i < times; i++) {
      this.take(bytes);
      if (i > 0) this.drop(bytes);
    }
  }

  /**
   * A layer's backward pass makes a gradient of a parameter. A sum is a third tensor beside the two that it is of.
   * @param passing bytes of copies made on the way
   */
  gather(parameter: PaperParameter, passing: number): void {
    const { bytes } = parameter;
    this.take(bytes);
    this.passing(passing);
    this.gradients += bytes;
    if (parameter.gathered) {
      this.gradients += bytes;
      this.take(bytes);
      this.drop(bytes, bytes);
      this.gradients -= 2 * bytes;
    }
    parameter.gathered = true;
  }

  /** The optimiser is done with a parameter. */
  clear(parameter: PaperParameter): void {
    if (!parameter.gathered) return;
    this.drop(parameter.bytes);
    this.gradients -= parameter.bytes;
    parameter.gathered = false;
  }
}
