import { RevganError } from "../protocol/errors";
import type { Line } from "../protocol/lines";
import { Metrics } from "../runFolder/metrics";
import { MetricsReader } from "../runFolder/metricsReader";
import { Emitter } from "./emitter";

/**
 * Everything that `metrics.jsonl` tells of a run. Read from the file; a training of this host adds its lines as they come, so that the
 * file is read once.
 */
export class RunHistory extends Metrics {
  /** Why the file cannot be read; null where it can. */
  problem: RevganError | null = null;
  private readonly reader: MetricsReader;
  private loading: Promise<void> | null = null;
  private warned: string | null = null;
  private readonly found = new Emitter<number>();

  /** Told after each piece of the file, whoever asked for it, with the number of the first step that is new or is not what it was. */
  readonly onFound = this.found.on;

  /** @param warn told once of damaged lines, and of a file that cannot be read */
  constructor(
    run: string,
    private readonly warn: (text: string) => void,
  ) {
    super();
    this.reader = new MetricsReader(run);
  }

  /** Takes what is new in the file. */
  async refresh(): Promise<void> {
    this.loading ??= this.read().finally(() => (this.loading = null));
    await this.loading;
  }

  /** Adds lines that were told; what is no metric is passed over. */
  append(lines: readonly Line[]): void {
    for (const line of lines) if (line.type === "step" || line.type === "validation") this.add(line);
  }

  private async read(): Promise<void> {
    try {
      for await (const { isAnew, lines } of this.reader.read()) {
        if (isAnew) this.clear();
        let first = isAnew ? 0 : Infinity;
        for (const { line } of lines) {
          this.add(line);
          first = Math.min(first, line.type === "step" ? line.step : line.step + 1);
        }
        if (first < Infinity) this.found.fire(first);
      }
      this.problem = null;
    } catch (error) {
      if (!(error instanceof RevganError)) throw error;
      this.problem = error;
    }
    const warning = this.problem?.message ?? this.reader.damage;
    if (warning !== null && warning !== this.warned) this.warn(warning);
    this.warned = warning;
  }
}
