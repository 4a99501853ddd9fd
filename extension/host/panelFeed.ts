import { type FromWebview, panelVersion, type RunView, type RunSamples, type ToWebview } from "../protocol/panel";
import { readFigures, readSamples } from "../runFolder/samples";
import { Comparison } from "./comparison";
import { theoryOf } from "./memoryTheory";
import type { Disposable } from "./emitter";
import type { RunHistory } from "./runHistory";
import type { Runs } from "./runRegistry";

/** Milliseconds between two messages with news: ten a second are as live as anyone can see. */
const interval = 100;

/** Milliseconds that a view waits for its run's steps: of a long run it shows what was read by then, and the rest as it comes. */
const patience = 50;

/** Who shows a webview. */
export interface FeedHost {
  /** Sends a message; settles when the webview can take the next. */
  readonly post: (message: ToWebview) => Promise<unknown>;
  /** The address of a run's `samples` folder for this webview, with a slash at its end. */
  readonly sampleBase: (run: string) => string;
  /** The interface's words in the user's language. */
  readonly strings: Readonly<Record<string, string>>;
  /** Takes what the feed itself cannot do: actions, files to save. */
  readonly perform: (message: Extract<FromWebview, { type: "act" | "save" | "saveSample" }>) => void;
  /** Told which run is shown. */
  readonly showing: (run: string | null) => void;
  /** Takes what went wrong while news were gathered, such as a run folder that cannot be read. */
  readonly failed: (error: unknown) => void;
}

/** What must be sent as soon as the webview can take it. */
interface News {
  runs: boolean;
  /** Index of the first step that the webview lacks or has wrong; Infinity for none. */
  stepsFrom: number;
  samples: boolean;
  memory: boolean;
}

const noNews = (): News => ({ runs: false, stepsFrom: Infinity, samples: false, memory: false });

/** The run that a webview shows. */
interface Shown {
  readonly id: string;
  /** Null before it is on disk. */
  readonly history: RunHistory | null;
  readonly found?: Disposable;
  /** What lay beside its steps when others were last looked at. */
  beside?: string;
  /** Whether its view was sent with a configuration; undefined before it was sent. */
  hasConfig?: boolean;
}

/** Keeps one webview up to date: a whole snapshot when it says that it is ready, then what has changed, as fast as it can take it. */
export class PanelFeed {
  private shown: Shown | null = null;
  /** The run that was last asked for, which counts more than what the page remembers; null after a reload of the window. */
  private asked: string | null = null;
  /** Settles when the shown run's steps are read. */
  private opening: Promise<void> = Promise.resolve();
  private readonly comparison: Comparison;
  /** What a command wants to be compared as soon as the webview is there. */
  private awaited: readonly string[] | null = null;
  private news = noNews();
  /** Whether the webview was sent a snapshot: before it, there are no news. */
  private hasSnapshot = false;
  private isDisposed = false;
  private timer: NodeJS.Timeout | null = null;
  /** When news were sent last. */
  private sentAt = -Infinity;
  private posting: Promise<unknown> = Promise.resolve();
  private readonly subscriptions: Disposable[];

  constructor(
    private readonly runs: Runs,
    private readonly host: FeedHost,
  ) {
    this.comparison = new Comparison(runs);
    this.subscriptions = [
      runs.onChange(() => this.note({ runs: true })),
      runs.onMeasured(() => this.note({ memory: true, runs: true })),
      runs.onLines(({ run, lines }) => {
        if (run !== this.shown?.id) return;
        const first = lines.find((line) => line.type === "step" || line.type === "validation");
        if (first !== undefined) this.note({ runs: true, stepsFrom: first.step });
        if (lines.some(({ type }) => type === "sample")) this.note({ samples: true });
      }),
    ];
  }

  /** Takes a message of the webview. */
  async hear(message: FromWebview): Promise<void> {
    switch (message.type) {
      case "ready":
        this.hasSnapshot = false;
        await this.open(this.asked ?? message.run ?? this.shown?.id ?? this.runs.foremost);
        await this.sendSnapshot();
        await this.compareAgain();
        break;
      case "show":
        await this.show(message.run);
        break;
      case "compare":
        await this.compare(message.runs, "here");
        break;
      case "figures":
        if (message.run === this.shown?.id)
          await this.post({
            type: "figures",
            run: message.run,
            step: message.step,
            figures: await readFigures(message.run, message.step),
          });
        break;
      case "theory":
        await this.sendTheory(message);
        break;
      case "act":
      case "save":
      case "saveSample":
        this.host.perform(message);
        break;
    }
  }

  /** Shows a run, also one that was asked for while the webview was hidden. */
  async show(id: string | null): Promise<void> {
    this.asked = id ?? this.asked;
    await this.open(id);
    if (!this.hasSnapshot) return;
    await this.sendView((view) => ({ type: "run", view }));
    await this.compareAgain();
  }

  /**
   * Shows a run beside others.
   *
   * @param isSeen false while the webview is hidden, and will ask for everything when it is there again
   */
  async showCompared(id: string, others: readonly string[], isSeen: boolean): Promise<void> {
    if (!isSeen) this.hasSnapshot = false;
    this.awaited = others;
    await this.show(id);
  }

  /** Takes what was written by others: for runs that another process trains. */
  async refresh(): Promise<void> {
    const { shown } = this;
    if (shown?.history == null || this.runs.trainings?.get(shown.id) !== undefined) return;
    await shown.history.refresh();
    const config = this.runs.config(shown.id);
    const beside = JSON.stringify([
      await readSamples(shown.id),
      config === undefined ? null : await this.runs.measured(config),
    ]);
    if (beside !== shown.beside) this.note({ samples: true, memory: true });
    shown.beside = beside;
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    if (this.timer !== null) clearTimeout(this.timer);
    this.hasSnapshot = false;
    this.isDisposed = true;
    this.close();
  }

  private async open(id: string | null): Promise<void> {
    // What was still under way when the webview closed must not hold a run's steps for ever.
    if (this.isDisposed) return;
    const run = id === null || this.runs.get(id) === undefined ? this.runs.foremost : id;
    if (run !== (this.shown?.id ?? null)) {
      this.close();
      this.opening = run === null ? Promise.resolve() : this.openRun(run);
      this.host.showing(run);
    }
    await this.opening;
  }

  private async openRun(id: string): Promise<void> {
    // What was noted of another run's steps says nothing of this one's.
    this.news.stepsFrom = Infinity;
    if (this.runs.store.get(id) === undefined) {
      this.shown = { id, history: null };
      return;
    }
    const history = this.runs.histories.acquire(id);
    let isRead = false;
    // How far the run is matters once, when all of it was read.
    this.shown = { id, history, found: history.onFound((step) => this.note({ runs: isRead, stepsFrom: step })) };
    const read = history.refresh().then(() => {
      isRead = true;
      if (this.shown?.history === history) this.note({ runs: true });
    });
    read.catch(this.host.failed);
    await Promise.race([read, new Promise((resolve) => setTimeout(resolve, patience))]);
  }

  private close(): void {
    this.shown?.found?.dispose();
    if (this.shown?.history != null) this.runs.histories.release(this.shown.id);
    this.shown = null;
    this.comparison.end();
  }

  private async compare(
    ids: readonly string[],
    asked: Extract<ToWebview, { type: "comparison" }>["asked"],
  ): Promise<void> {
    const told = await this.comparison.begin(ids, this.shown);
    if (told !== null) await this.post({ type: "comparison", asked, ...told });
  }

  /** What a command has asked for, or what was compared before the page's comparison was replaced with all the rest. */
  private async compareAgain(): Promise<void> {
    const { awaited } = this;
    this.awaited = null;
    if (awaited !== null) await this.compare(awaited, "elsewhere");
    else if (this.comparison.ids.length > 0) await this.compare(this.comparison.ids, "before");
  }

  private async sendTheory({ run, depths }: Extract<FromWebview, { type: "theory" }>): Promise<void> {
    const config = this.runs.config(run);
    if (run !== this.shown?.id || config === undefined) return;
    const theory = await theoryOf(config, this.runs.get(run)?.engine?.name, depths);
    await this.post({ type: "theory", run, theory });
  }

  private async sendSnapshot(): Promise<void> {
    const { strings } = this.host;
    await this.sendView((shown) => {
      this.news = noNews();
      this.hasSnapshot = !this.isDisposed;
      return {
        type: "snapshot",
        version: panelVersion,
        strings: { ...strings },
        runs: this.runs.list(),
        shown,
        actions: this.runs.actions,
      };
    });
  }

  /** Sends all of the shown run. What comes of it from then on is news: between the look at its steps and the sending nothing may come. */
  private async sendView(message: (view: RunView | null) => ToWebview): Promise<void> {
    for (;;) {
      const { shown } = this;
      const config = shown === null ? undefined : this.runs.config(shown.id);
      const samples = shown === null ? null : await this.samplesOf(shown.id);
      const memory = config === undefined ? { lines: [], measuring: null } : await this.runs.measured(config);
      // Meanwhile another run may have been chosen.
      if (this.shown !== shown) continue;
      const run = shown === null ? undefined : this.runs.get(shown.id);
      if (shown === null || run === undefined || samples === null) return this.post(message(null));
      shown.hasConfig = config !== undefined;
      this.news.stepsFrom = Infinity;
      const { history } = shown;
      const steps = history?.steps.encode() ?? { length: 0, columns: {} };
      const [lastStepLine, validations] = [history?.lastStepLine ?? null, [...(history?.validations ?? [])]];
      return this.post(message({ run, config: config ?? null, steps, lastStepLine, validations, samples, memory }));
    }
  }

  /** `stepsFrom` is a step's number here; news that came before are kept. */
  private note(news: Partial<News>): void {
    const { stepsFrom = Infinity } = news;
    const index = stepsFrom === Infinity ? Infinity : this.indexOf(stepsFrom);
    this.news = {
      runs: this.news.runs || news.runs === true,
      samples: this.news.samples || news.samples === true,
      memory: this.news.memory || news.memory === true,
      stepsFrom: Math.min(this.news.stepsFrom, index),
    };
    if (this.timer !== null || !this.hasSnapshot) return;
    const wait = Math.max(0, this.sentAt + interval - performance.now());
    this.timer = setTimeout(() => void this.sendNews().catch(this.host.failed), wait);
  }

  private indexOf(step: number): number {
    const steps = this.shown?.history?.steps.column("step") ?? [];
    let index = steps.length;
    while (index > 0 && steps[index - 1]! >= step) index--;
    return index;
  }

  private async sendNews(): Promise<void> {
    await this.posting;
    this.sentAt = performance.now();
    // A run that is being opened is not one that waits for its folder.
    await this.opening;
    const { news } = this;
    this.news = noNews();
    try {
      await this.followToFolder();
      if (news.runs) await this.post({ type: "runs", runs: this.runs.list(), actions: this.runs.actions });
      const { shown } = this;
      // Its view, which has everything, is under way.
      if (shown?.hasConfig === undefined) return;
      // A file that was edited by hand has become usable, or has ceased to be.
      if ((this.runs.config(shown.id) !== undefined) !== shown.hasConfig)
        await this.sendView((view) => ({ type: "run", view }));
      if (shown.history === null) return;
      const { id, history } = shown;
      const { steps, lastStepLine, validations } = history;
      if (news.stepsFrom < Infinity)
        await this.post({
          type: "steps",
          run: id,
          from: news.stepsFrom,
          steps: steps.encode(news.stepsFrom),
          lastStepLine,
          validations: [...validations],
        });
      if (news.samples) await this.post({ type: "samples", run: id, samples: await this.samplesOf(id) });
      const config = this.runs.config(id);
      if (news.memory && config !== undefined)
        await this.post({ type: "memory", run: id, memory: await this.runs.measured(config) });
    } finally {
      this.timer = null;
      if (this.news.runs || this.news.samples || this.news.memory || this.news.stepsFrom < Infinity) this.note({});
    }
  }

  /** A new training that is shown gets its folder; a run that is gone gives way to the foremost. */
  private async followToFolder(): Promise<void> {
    const { shown } = this;
    const isGone =
      shown === null ||
      (shown.history === null
        ? this.runs.store.get(shown.id) !== undefined || this.runs.get(shown.id) === undefined
        : this.runs.get(shown.id) === undefined);
    if (!isGone || (shown === null && this.runs.foremost === null)) return;
    this.close();
    await this.show(this.runs.foremost);
  }

  private async samplesOf(run: string): Promise<RunSamples> {
    return { base: this.host.sampleBase(run), ...(await readSamples(run)) };
  }

  private async post(message: ToWebview): Promise<void> {
    if (!this.hasSnapshot) return;
    this.posting = this.host.post(message);
    await this.posting;
  }
}
