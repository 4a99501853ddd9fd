import { formatBytes } from "./formatBytes";
import type { InstallPhase, InstallProgress } from "./progress";

const titles: Record<InstallPhase, string> = {
  download: "Downloading TensorFlow",
  verify: "Checking its SHA-256",
  unpack: "Unpacking",
  compile: "Compiling the binding",
  check: "Trying it",
};

/** One line for one event: `Downloading TensorFlow  [#####-----]  136.9 MB of 273.8 MB  35.2 MB/s`. */
export function progressLine(progress: InstallProgress, width = 24): string {
  const title = titles[progress.phase];
  const { bytes, totalBytes, bytesPerSecond } = progress;
  if (totalBytes === 0) return `${title} …`;
  const filled = Math.round((width * bytes) / totalBytes);
  const bar = "#".repeat(filled) + "-".repeat(width - filled);
  const speed = progress.phase === "download" && bytesPerSecond > 0 ? `  ${formatBytes(bytesPerSecond)}/s` : "";
  return `${title}  [${bar}]  ${formatBytes(bytes)} of ${formatBytes(totalBytes)}${speed}`;
}

/**
 * Shows progress on a terminal by redrawing one line, and elsewhere by a line at each phase and every ten seconds.
 * @param write the raw stream: what it gets may lack a line end
 */
export class InstallView {
  private phase: InstallPhase | null = null;
  private shownAt = 0;
  private open = false;

  constructor(
    private readonly isTTY: boolean,
    private readonly write: (text: string) => void,
    private readonly line: (text: string) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  show(progress: InstallProgress): void {
    const isNew = progress.phase !== this.phase;
    if (isNew) this.close();
    this.phase = progress.phase;
    if (this.isTTY) {
      this.write(`\r${progressLine(progress)}\u001b[K`);
      this.open = true;
      return;
    }
    if (!isNew && this.now() - this.shownAt < 10_000) return;
    this.shownAt = this.now();
    this.line(
      isNew && progress.bytes < progress.totalBytes
        ? `${titles[progress.phase]} (${formatBytes(progress.totalBytes)})`
        : progressLine(progress),
    );
  }

  /** Ends a line that is being redrawn, before anything else is printed. */
  close(): void {
    if (this.open) this.write("\n");
    this.open = false;
  }
}
