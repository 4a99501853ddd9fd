import {
  type FromWebview,
  panelVersion,
  type RunEvaluation,
  type RunSamples,
  type RunView,
  type ToWebview,
} from "../protocol/panel";
import { readFigures, readSamples } from "../runFolder/samples";
import { Comparison } from "./comparison";
import { depthConfigurationName, depthConfigurationText } from "./depthConfiguration";
import { theoryOf } from "./theoryForPanel";
import type { Disposable } from "./emitter";
import { afterFeedEvent, type FeedEvent, initialFeedState, needsUpdate } from "./panelFeedState";
import type { RunHistory } from "./runHistory";
import type { RunRegistry } from "./runRegistry";

/** Milliseconds to wait until a run's steps are read before its view is sent. Steps that are read later follow in further messages. */
const openTimeout = 50;

/** Messages of the page that the feed passes on instead of answering: actions, and files to write. */
export type WebviewAction = Extract<FromWebview, { type: "act" | "newRunAtDepth" | "save" | "saveSample" }>;

/** What a feed needs from its owner, VS Code's panel or the browser server. */
export interface FeedHost {
  /** The page. `postMessage` settles when the page can take the next message; this is the only backpressure. */
  readonly webview: { postMessage(message: ToWebview): PromiseLike<unknown> };
  /** The URL under which this webview can load a run's pictures from the given folder, with a slash at its end. */
  readonly pictureBase: (run: string, folder: "samples" | "evaluation") => string;
  /** Translations of the page's texts, by the English text. */
  readonly strings: Readonly<Record<string, string>>;
  /** Called with messages that the feed cannot answer: actions, files to save. */
  readonly onAction: (message: WebviewAction) => void;
  /** Called when another run is shown. */
  readonly onShownRun: (run: string | null) => void;
  /** Called with errors of updates that the feed sends by itself, for example when a run folder cannot be read. */
  readonly onError: (error: unknown) => void;
}

/** The shown run's history, which the feed holds until another run is shown, and what the page was sent beside it. */
interface OpenHistory {
  readonly run: string;
  readonly history: RunHistory;
  readonly subscription: Disposable;
  /** Samples and measurements at the last {@link PanelFeed.refreshShown}, to notice that other processes changed them. */
  samplesAndMemory?: string;
  /** The evaluations that were last sent to the page. */
  evaluations?: readonly RunEvaluation[];
}

/**
 * Keeps one page up to date: sends a snapshot when the page is ready, then the parts that change, one update at a time. {@link
 * afterFeedEvent} decides what is due; this class sends it.
 */
export class PanelFeed {
  private state = initialFeedState;
  /** Null while no run is shown, and while the shown run has no folder on disk yet. */
  private open: OpenHistory | null = null;
  /** Settles when the shown run's steps are read, or {@link openTimeout} is over, so that its view can be sent. */
  private opening: Promise<void> = Promise.resolve();
  private posting: PromiseLike<unknown> = Promise.resolve();
  private readonly comparison: Comparison;
  private readonly subscriptions: Disposable[];

  constructor(
    private readonly runs: RunRegistry,
    private readonly host: FeedHost,
  ) {
    this.comparison = new Comparison(runs);
    this.subscriptions = [
      runs.onChange(() => this.dispatch({ type: "changed", change: { runs: true } })),
      runs.onMeasurement(() => this.dispatch({ type: "changed", change: { runs: true, memory: true } })),
    ];
  }

  /** Answers a message from the page. */
  async handle(message: FromWebview): Promise<void> {
    switch (message.type) {
      case "ready":
        this.dispatch({ type: "pageReset" });
        await this.openRun(this.state.requested ?? message.run ?? this.state.shown ?? this.runs.defaultRun);
        await this.sendSnapshot();
        await this.restoreComparison();
        break;
      case "show":
        await this.show(message.run);
        break;
      case "compare":
        await this.compare(message.runs, "here");
        break;
      case "figures":
        await this.sendFigures(message);
        break;
      case "theory":
        await this.sendTheory(message);
        break;
      case "configuration":
        await this.sendConfiguration(message);
        break;
      case "act":
      case "newRunAtDepth":
      case "save":
      case "saveSample":
        this.host.onAction(message);
        break;
    }
  }

  /** Shows a run, or the default run for null. A hidden page shows the run as soon as it is visible and ready again. */
  async show(id: string | null): Promise<void> {
    this.dispatch({ type: "requested", run: id });
    await this.openRun(id);
    if (this.state.sent === null) return;
    await this.sendView((view) => ({ type: "run", view }), false);
    await this.restoreComparison();
  }

  /**
   * Shows a run beside others.
   *
   * @param isVisible false for a hidden page, which will be loaded again and request a snapshot
   */
  async showComparison(id: string, others: readonly string[], isVisible: boolean): Promise<void> {
    if (!isVisible) this.dispatch({ type: "pageReset" });
    this.dispatch({ type: "comparisonRequested", runs: others });
    await this.show(id);
  }

  /**
   * Reads what another process has written to the shown run's folder since the last call. Does nothing for a run that this window trains.
   */
  async refreshShown(): Promise<void> {
    const { open } = this;
    if (open === null || this.runs.trainings?.get(open.run) !== undefined) return;
    await open.history.refresh();
    const config = this.runs.config(open.run);
    const now = JSON.stringify([
      await readSamples(open.run),
      config === undefined ? null : await this.runs.measuredMemory(config),
    ]);
    if (now !== open.samplesAndMemory) this.dispatch({ type: "changed", change: { samples: true, memory: true } });
    open.samplesAndMemory = now;
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.dispatch({ type: "disposed" });
    this.closeRun(null);
  }

  private dispatch(event: FeedEvent): void {
    this.state = afterFeedEvent(this.state, event);
    if (!needsUpdate(this.state)) return;
    this.state = afterFeedEvent(this.state, { type: "updateStarted" });
    void this.sendUpdate().catch(this.host.onError);
  }

  private async openRun(id: string | null): Promise<void> {
    // A message that is still being handled after the webview was closed must not acquire a history, which nobody would release.
    if (this.state.isDisposed) return;
    const run = id === null || this.runs.get(id) === undefined ? this.runs.defaultRun : id;
    if (run !== this.state.shown) {
      this.closeRun(run);
      this.opening = run === null || this.runs.store.get(run) === undefined ? Promise.resolve() : this.readSteps(run);
      this.host.onShownRun(run);
    }
    await this.opening;
  }

  /** @param next the run that is shown instead */
  private closeRun(next: string | null): void {
    this.open?.subscription.dispose();
    if (this.open !== null) this.runs.histories.release(this.open.run);
    this.open = null;
    this.comparison.end();
    this.dispatch({ type: "opened", run: next });
  }

  private async readSteps(run: string): Promise<void> {
    const history = this.runs.histories.acquire(run);
    let isRead = false;
    const subscription = history.onChange(({ firstStep, hasSamples }) => {
      // The list of runs shows the last step, which is not known before the whole file was read.
      const runs = isRead && firstStep < Infinity;
      this.dispatch({ type: "changed", change: { runs, fromStep: firstStep, samples: hasSamples } });
    });
    this.open = { run, history, subscription };
    const read = history.refresh().then(() => {
      isRead = true;
      if (this.open?.history === history) this.dispatch({ type: "changed", change: { runs: true } });
    });
    read.catch(this.host.onError);
    await Promise.race([read, new Promise((resolve) => setTimeout(resolve, openTimeout))]);
  }

  private async compare(
    ids: readonly string[],
    asked: Extract<ToWebview, { type: "comparison" }>["asked"],
  ): Promise<void> {
    const shown = this.state.shown === null ? null : { id: this.state.shown, history: this.open?.history ?? null };
    const compared = await this.comparison.begin(ids, shown);
    if (compared !== null) await this.post({ type: "comparison", asked, ...compared });
  }

  /** Sends the comparison that a command requested, or the one that the page showed before its view was replaced. */
  private async restoreComparison(): Promise<void> {
    const { requestedComparison } = this.state;
    this.dispatch({ type: "comparisonTaken" });
    if (requestedComparison !== null) await this.compare(requestedComparison, "elsewhere");
    else if (this.comparison.ids.length > 0) await this.compare(this.comparison.ids, "before");
  }

  private async sendFigures({ run, step }: Extract<FromWebview, { type: "figures" }>): Promise<void> {
    if (run !== this.state.shown) return;
    await this.post({ type: "figures", run, step, figures: await readFigures(run, step) });
  }

  private async sendTheory({ run, depths }: Extract<FromWebview, { type: "theory" }>): Promise<void> {
    const config = this.runs.config(run);
    if (run !== this.state.shown || config === undefined) return;
    const theory = await theoryOf(config, this.runs.get(run)?.engine?.name, depths);
    await this.post({ type: "theory", run, theory });
  }

  private async sendConfiguration({ run, depth }: Extract<FromWebview, { type: "configuration" }>): Promise<void> {
    const config = this.runs.config(run);
    if (run !== this.state.shown || config === undefined) return;
    const text = depthConfigurationText(config, depth, null);
    await this.post({ type: "configuration", run, depth, name: depthConfigurationName(depth), text });
  }

  private async sendSnapshot(): Promise<void> {
    const snapshot = (shown: RunView | null): ToWebview => ({
      type: "snapshot",
      version: panelVersion,
      strings: { ...this.host.strings },
      runs: this.runs.list(),
      shown,
      actions: this.runs.actions,
    });
    await this.sendView(snapshot, true);
  }

  /**
   * Sends the whole view of the shown run. Nothing is awaited between encoding the steps and posting them, so that every later change
   * becomes a pending update.
   */
  private async sendView(message: (view: RunView | null) => ToWebview, isSnapshot: boolean): Promise<void> {
    for (;;) {
      const { shown } = this.state;
      const config = shown === null ? undefined : this.runs.config(shown);
      const samples = shown === null ? null : await this.samplesOf(shown);
      const memory = config === undefined ? { lines: [], measuring: null } : await this.runs.measuredMemory(config);
      // If another run was opened meanwhile, the view is made again for that run.
      if (this.state.shown !== shown) continue;
      const run = shown === null ? undefined : this.runs.get(shown);
      if (shown === null || run === undefined || samples === null) {
        this.dispatch({ type: "viewSent", view: null, isSnapshot });
        return this.post(message(null));
      }
      const history = this.open?.history;
      const view: RunView = {
        run,
        config: config ?? null,
        steps: history?.steps.encode() ?? { length: 0, columns: {} },
        lastStepLine: history?.lastStepLine ?? null,
        validations: [...(history?.validations ?? [])],
        evaluations: this.evaluationsOf(shown),
        samples,
        memory,
      };
      this.dispatch({ type: "viewSent", view: { run: shown, hasConfig: config !== undefined }, isSnapshot });
      return this.post(message(view));
    }
  }

  private async sendUpdate(): Promise<void> {
    try {
      // Waits until both promises have settled, even if one is rejected: if a failed post threw here, the pending parts would never be
      // cleared, and the update would be retried without end.
      await Promise.allSettled([this.posting, this.opening]);
      const { pending, shown } = this.state;
      this.dispatch({ type: "pendingTaken" });
      await this.replaceGoneRun();
      if (pending.runs) {
        await this.post({ type: "runs", runs: this.runs.list(), actions: this.runs.actions });
        await this.dropGoneComparison();
      }
      const view = this.state.sent?.view ?? null;
      // `view` is null where no run is shown, and while a whole view is being prepared. That view will include all changes, so there is
      // nothing more to send.
      if (view === null) return;
      // The whole view is sent again when `run.json` was edited by hand and so became usable or unusable.
      if ((this.runs.config(view.run) !== undefined) !== view.hasConfig)
        await this.sendView((current) => ({ type: "run", view: current }), false);
      const { open } = this;
      // If another run was opened meanwhile, its view already includes all changes.
      if (open === null || open.run !== shown) return;
      const { run, history } = open;
      if (pending.fromStep < Infinity) await this.sendSteps(run, history, pending.fromStep);
      if (pending.samples) await this.post({ type: "samples", run, samples: await this.samplesOf(run) });
      if (open.evaluations !== this.runs.store.get(run)?.evaluations)
        await this.post({ type: "evaluations", run, evaluations: this.evaluationsOf(run) });
      const config = this.runs.config(run);
      if (pending.memory && config !== undefined)
        await this.post({ type: "memory", run, memory: await this.runs.measuredMemory(config) });
    } finally {
      this.dispatch({ type: "updateEnded" });
    }
  }

  private async sendSteps(
    run: string,
    { steps, lastStepLine, validations }: RunHistory,
    fromStep: number,
  ): Promise<void> {
    const numbers = steps.column("step");
    let from = numbers.length;
    while (from > 0 && numbers[from - 1]! >= fromStep) from--;
    await this.post({
      type: "steps",
      run,
      from,
      steps: steps.encode(from),
      lastStepLine,
      validations: [...validations],
    });
  }

  /** Opens the folder of a new training as soon as it is on disk, and replaces a shown run that was deleted by the default run. */
  private async replaceGoneRun(): Promise<void> {
    const { shown } = this.state;
    const isThere = shown !== null && this.runs.get(shown) !== undefined;
    const isOnDiskSince = shown !== null && this.open === null && this.runs.store.get(shown) !== undefined;
    if (isThere && !isOnDiskSince) return;
    if (shown === null && this.runs.defaultRun === null) return;
    this.closeRun(null);
    await this.show(this.runs.defaultRun);
  }

  /** Repeats the comparison without runs that were deleted, if there are any. */
  private async dropGoneComparison(): Promise<void> {
    const { ids } = this.comparison;
    const left = ids.filter((id) => this.runs.store.get(id) !== undefined);
    if (left.length < ids.length) await this.compare(left, "before");
  }

  private async samplesOf(run: string): Promise<RunSamples> {
    return { base: this.host.pictureBase(run, "samples"), ...(await readSamples(run)) };
  }

  /**
   * The evaluations of a run, with `sheet` as a full URL. Records them as sent, so that {@link sendUpdate} sends evaluations again only
   * when they have changed.
   */
  private evaluationsOf(run: string): RunEvaluation[] {
    const evaluations = this.runs.store.get(run)?.evaluations ?? [];
    if (this.open?.run === run) this.open.evaluations = evaluations;
    const base = this.host.pictureBase(run, "evaluation");
    return evaluations.map((each) => ({ ...each, sheet: each.sheet === null ? null : `${base}${each.sheet}` }));
  }

  private async post(message: ToWebview): Promise<void> {
    if (this.state.sent === null) return;
    this.posting = this.host.webview.postMessage(message);
    await this.posting;
  }
}
