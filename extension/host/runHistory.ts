import { RevganError } from "../protocol/errors";
import type { Line } from "../protocol/lines";
import { Metrics } from "../runFolder/metrics";
import { MetricsReader } from "../runFolder/metricsReader";
import { Emitter } from "./emitter";

/** Milliseconds between two events while a long file is read. Live lines need no such limit: the trainer sends at most ten batches a second. */
const readEventInterval = 100;

/** What a history's event reports. */
export interface HistoryChange {
  /** The first step that is new or was replaced; Infinity for none. Validations count as after their step. */
  readonly firstStep: number;
  /** The trainer wrote new samples. */
  readonly hasSamples: boolean;
}

/**
 * The metrics of one run: read from `metrics.jsonl`; while this host trains the run, its lines are appended as they arrive, so that the
 * file is read only once.
 */
export class RunHistory extends Metrics {
  /** Why the file cannot be read; null when it can. */
  problem: RevganError | null = null;
  private readonly reader: MetricsReader;
  private loading: Promise<void> | null = null;
  private lastWarning: string | null = null;
  private readonly changeEmitter = new Emitter<HistoryChange>();

  /** Called after lines were appended or read. */
  readonly onChange = this.changeEmitter.on;

  /** @param warn called once about damaged lines, and about a file that cannot be read */
  constructor(
    run: string,
    private readonly warn: (text: string) => void,
  ) {
    super();
    this.reader = new MetricsReader(run);
  }

  /** Reads what was added to the file. */
  async refresh(): Promise<void> {
    this.loading ??= this.read().finally(() => (this.loading = null));
    await this.loading;
  }

  /** Adds lines of the trainer; those that are no metrics are ignored. */
  append(lines: readonly Line[]): void {
    let firstStep = Infinity;
    for (const line of lines) {
      if (line.type !== "step" && line.type !== "validation") continue;
      this.add(line);
      firstStep = Math.min(firstStep, line.type === "step" ? line.step : line.step + 1);
    }
    const hasSamples = lines.some(({ type }) => type === "sample");
    if (firstStep < Infinity || hasSamples) this.changeEmitter.fire({ firstStep, hasSamples });
  }

  private async read(): Promise<void> {
    let [firstStep, firedAt] = [Infinity, performance.now()];
    const fire = (): void => {
      const change = { firstStep, hasSamples: false };
      [firstStep, firedAt] = [Infinity, performance.now()];
      if (change.firstStep < Infinity) this.changeEmitter.fire(change);
    };
    try {
      for await (const { isAnew, lines } of this.reader.read()) {
        if (isAnew) {
          this.clear();
          firstStep = 0;
        }
        for (const { line } of lines) {
          this.add(line);
          firstStep = Math.min(firstStep, line.type === "step" ? line.step : line.step + 1);
        }
        if (performance.now() - firedAt >= readEventInterval) fire();
      }
      this.problem = null;
    } catch (error) {
      if (!(error instanceof RevganError)) throw error;
      this.problem = error;
    } finally {
      fire();
    }
    const warning = this.problem?.message ?? this.reader.damage;
    if (warning !== null && warning !== this.lastWarning) this.warn(warning);
    this.lastWarning = warning;
  }
}

/** Owns the histories that somebody uses, by reference count: a run that nobody looks at takes no memory. */
export class RunHistories {
  private readonly held = new Map<string, { readonly history: RunHistory; users: number }>();

  /** @param warn called about metrics that are damaged or cannot be read */
  constructor(private readonly warn: (text: string) => void) {}

  /** The history of a run, as far as it was read: refresh it, and {@link release} it after use. */
  acquire(run: string): RunHistory {
    const entry = this.held.get(run) ?? { history: new RunHistory(run, this.warn), users: 0 };
    this.held.set(run, entry);
    entry.users++;
    return entry.history;
  }

  release(run: string): void {
    const entry = this.held.get(run);
    if (entry === undefined) return;
    entry.users--;
    if (entry.users === 0) this.held.delete(run);
  }

  /** Null when nobody has acquired it. */
  get(run: string): RunHistory | null {
    return this.held.get(run)?.history ?? null;
  }
}
