import { RevganError } from "../protocol/errors";
import type { Line, MetricsLine } from "../protocol/lines";
import { Metrics } from "../runFolder/metrics";
import { MetricsReader } from "../runFolder/metricsReader";
import { Emitter } from "./emitter";

/**
 * The least number of milliseconds between two change events while a long file is read. Lines of a running trainer need no limit: it sends
 * at most ten batches a second.
 */
const readEventInterval = 100;

/**
 * Milliseconds until the first change event of a file that is read. Less than the time for which a page that is being opened waits
 * (`openTimeout` of `panelFeed.ts`), so that the page shows the first steps together with the run.
 */
const firstReadEvent = 40;

/** The change that {@link RunHistory.onChange} reports. */
export interface HistoryChange {
  /**
   * The first step that is new or was replaced; Infinity for none. A new validation after step n counts as n + 1, because step n itself is
   * unchanged.
   */
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

  /** Reads the lines that were added to the file since the last call. */
  async refresh(): Promise<void> {
    this.loading ??= this.read().finally(() => (this.loading = null));
    await this.loading;
  }

  /** Adds lines that the trainer sent; lines that are neither steps nor validations are ignored. */
  append(lines: readonly Line[]): void {
    const firstStep = this.addAll(lines.filter((line) => line.type === "step" || line.type === "validation"));
    const hasSamples = lines.some(({ type }) => type === "sample");
    if (firstStep < Infinity || hasSamples) this.changeEmitter.fire({ firstStep, hasSamples });
  }

  /** @returns {@link HistoryChange.firstStep} */
  private addAll(lines: readonly MetricsLine[]): number {
    let firstStep = Infinity;
    for (const line of lines) {
      this.add(line);
      firstStep = Math.min(firstStep, line.type === "step" ? line.step : line.step + 1);
    }
    return firstStep;
  }

  private async read(): Promise<void> {
    // Lines that were read but not added yet. They are added only right before the change is reported, so that no step is sent to a page
    // twice.
    let [lines, isAnew]: [MetricsLine[], boolean] = [[], false];
    let due = performance.now() + firstReadEvent;
    const flush = (): void => {
      if (isAnew) this.clear();
      const firstAdded = this.addAll(lines);
      const firstStep = isAnew ? 0 : firstAdded;
      [lines, isAnew] = [[], false];
      due = performance.now() + readEventInterval;
      if (firstStep < Infinity) this.changeEmitter.fire({ firstStep, hasSamples: false });
    };
    try {
      for await (const piece of this.reader.read()) {
        if (piece.isAnew) [lines, isAnew] = [[], true];
        for (const { line } of piece.lines) lines.push(line);
        if (performance.now() >= due) flush();
      }
      this.problem = null;
    } catch (error) {
      if (!(error instanceof RevganError)) throw error;
      this.problem = error;
    } finally {
      flush();
    }
    const warning = this.problem?.message ?? this.reader.damage;
    if (warning !== null && warning !== this.lastWarning) this.warn(warning);
    this.lastWarning = warning;
  }
}

/**
 * Owns the histories in use, counting the users of each: a history without users is dropped, so that a run that nobody looks at takes no
 * memory.
 */
export class RunHistories {
  private readonly held = new Map<string, { readonly history: RunHistory; users: number }>();

  /** @param warn called with a message when metrics are damaged or cannot be read */
  constructor(private readonly warn: (text: string) => void) {}

  /**
   * The history of a run, as far as it has been read. The caller must call {@link RunHistory.refresh} to read the rest, and {@link release}
   * after use.
   */
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

  /** The history of a run; null when nobody has acquired it. */
  get(run: string): RunHistory | null {
    return this.held.get(run)?.history ?? null;
  }
}
