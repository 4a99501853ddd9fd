export type InstallPhase = "download" | "verify" | "unpack" | "compile" | "check";

/** How far one phase of an installation is. */
export interface InstallProgress {
  phase: InstallPhase;
  /** Bytes done, including those of an earlier, interrupted run; 0 for phases without bytes. */
  bytes: number;
  totalBytes: number;
  /** The mean rate over the last few seconds of this run. */
  bytesPerSecond: number;
}

export type OnProgress = (progress: InstallProgress) => void;

/** The transfer rate over the last `windowMs` milliseconds. */
export class RateMeter {
  private readonly marks: { at: number; bytes: number }[] = [];

  constructor(
    private readonly now: () => number = () => performance.now(),
    private readonly windowMs = 3000,
  ) {}

  /** Records the total of bytes so far and returns the rate in bytes a second. */
  mark(bytes: number): number {
    const at = this.now();
    this.marks.push({ at, bytes });
    while (this.marks.length > 2 && at - this.marks[0]!.at > this.windowMs) this.marks.shift();
    const first = this.marks[0]!;
    return at > first.at ? ((bytes - first.bytes) / (at - first.at)) * 1000 : 0;
  }
}

/**
 * Turns the running total of one phase into events: the first, the last, and at most ten a second between.
 * @returns a function to be called with the bytes done so far
 */
export function phaseReporter(
  phase: InstallPhase,
  totalBytes: number,
  onProgress: OnProgress | undefined,
): (bytes: number) => void {
  const meter = new RateMeter();
  let last = -Infinity;
  return (bytes) => {
    const now = performance.now();
    if (now - last < 100 && bytes < totalBytes) return;
    last = now;
    onProgress?.({ phase, bytes, totalBytes, bytesPerSecond: Math.round(meter.mark(bytes)) });
  };
}

/** Turns the events of one of several files into events of all files together; the files are done in the order of `sizes`. */
export function partOfTotal(
  onProgress: OnProgress | undefined,
  sizes: readonly number[],
  index: number,
): OnProgress | undefined {
  const before = sizes.slice(0, index).reduce((sum, size) => sum + size, 0);
  const totalBytes = sizes.reduce((sum, size) => sum + size, 0);
  return onProgress && ((progress) => onProgress({ ...progress, bytes: before + progress.bytes, totalBytes }));
}
