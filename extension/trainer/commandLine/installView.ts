import { formatBytes } from "../formatBytes";
import type { InstallPhase, InstallProgress } from "../engines/install/progress";
import type { Output } from "./output";

const titles: Record<InstallPhase, string> = {
  download: "Downloading",
  verify: "Checking its SHA-256",
  unpack: "Unpacking",
  compile: "Compiling the binding",
  check: "Trying it",
};

/** A progress event as a line of text: `Downloading  [#####-----]  136.9 MB of 273.8 MB  35.2 MB/s`. */
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
 * Progress of an installation: on a terminal one line for each phase, which is redrawn; elsewhere a new line at each phase and every ten
 * seconds.
 */
export class InstallView {
  private phase: InstallPhase | null = null;
  private shownAt = 0;

  constructor(
    private readonly output: Output,
    private readonly now: () => number = () => performance.now(),
  ) {}

  show(progress: InstallProgress): void {
    const isNew = progress.phase !== this.phase;
    if (isNew) this.output.keepProgress();
    this.phase = progress.phase;
    if (this.output.isTerminal) {
      this.output.progress(progressLine(progress));
      return;
    }
    if (!isNew && this.now() - this.shownAt < 10_000) return;
    this.shownAt = this.now();
    this.output.note(
      isNew && progress.bytes < progress.totalBytes
        ? `${titles[progress.phase]} (${formatBytes(progress.totalBytes)})`
        : progressLine(progress),
    );
  }
}
