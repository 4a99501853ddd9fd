import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { placedOf, upsamplingOf, type Placed } from "../../volumes/grids";
import type { IntensityWindow } from "../../volumes/intensity";
import type { DecoderClient } from "../decoder/decoderClient";
import type { FileProblem } from "../decoder/decoderFiles";
import type { ImageInfo } from "../decoder/decoderProtocol";
import { problemIn } from "../leftOut";
import { fitProblem, pairProblem } from "../sizeProblems";
import { type Dataset, sourcesOf, splitNames } from "./dataset";
import { type Item, fileCount, filesOf, itemsOf, WaitingItems } from "./items";
import { isReachable } from "./folderWatch";
import type { ImageSettings } from "./imageSettings";
import type { RememberedFiles } from "./rememberedFiles";

/**
 * The most files, and the most bytes in all, that are looked at before the first step, so that it does not wait longer for a larger data
 * set. The headers of volumes, and one image of each domain, are read whatever their size.
 */
const firstCheckLimits = { files: 64, bytes: 4e6 };

/** The most files, and about the most bytes, of one message to the decoder. */
const messageLimits = { files: 64, bytes: 16e6 };

/** The result of the check before the first step. */
export interface FirstReport {
  readonly dataset: Dataset;
  /** The settings that the check was made with; for volumes with the factors by which their voxel grids are refined (`data.upsampling`). */
  readonly settings: ImageSettings;
  /** What is known of each readable file that was looked at, by its path. */
  readonly infos: ReadonlyMap<string, ImageInfo>;
  /** Every file that cannot be used, beginning with those that `scanDataset` found. */
  readonly problems: readonly FileProblem[];
  /** Whether every file was looked at. */
  readonly isWhole: boolean;
}

/** The intensities that become −1 and 1 in each domain: means over the training volumes that were looked at. */
export interface MeanWindows {
  readonly a: IntensityWindow;
  readonly b: IntensityWindow;
}

type InspectionResult = ImageInfo | FileProblem;

/**
 * Looks at every file of a data set once: at a few before the first step (see `firstCheckLimits`), at the others during the training.
 * Pixels are not kept; what was found is cached for the next training.
 */
export class DatasetCheck {
  /** Number of files in all splits. */
  readonly files: number;
  /** The items whose files were not checked yet. */
  private readonly waiting: WaitingItems;
  private settings: ImageSettings;
  private done = 0;
  private readonly windows = { a: new MeanWindow(), b: new MeanWindow() };

  constructor(
    private readonly dataset: Dataset,
    settings: ImageSettings,
    private readonly remembered: RememberedFiles,
  ) {
    this.settings = settings;
    this.waiting = new WaitingItems(itemsOf(dataset));
    this.files = splitNames.reduce((sum, name) => sum + fileCount(dataset.splits[name]), 0);
  }

  /**
   * Looks at the headers of all volumes, whose grids the first step needs, and at the first files.
   * @throws RevganError `interrupted` by the signal, `internal` when the decoder cannot be started; problems of files are in the report
   */
  async first(decoder: DecoderClient, signal?: AbortSignal): Promise<FirstReport> {
    const infos = new Map<string, ImageInfo>();
    const problems = new Map<string, FileProblem>();
    const note = (problem: FileProblem): void => {
      if (!problems.has(problem.file)) problems.set(problem.file, problem);
    };
    const { volumes } = this.settings;
    if (volumes !== null) await this.lookAtHeaders(decoder, infos, note, signal);
    // At least two items, so that there is an image of each domain.
    const first = await this.waiting.take(firstCheckLimits, 2);
    for (const [file, look] of await this.lookAt(decoder, first.flatMap(filesOf), signal))
      if ("reason" in look) note(look);
      else infos.set(file, look);
    // All volumes are judged here, by the headers that `lookAtHeaders` read; images only where they were among the first files.
    for (const item of volumes === null ? first : itemsOf(this.dataset))
      for (const problem of this.unfit(item, infos)) note(problem);
    this.advance(first, infos);
    await this.remembered.save();
    return {
      dataset: this.dataset,
      settings: this.settings,
      infos,
      problems: [...this.dataset.problems, ...this.inOrder(problems)],
      isWhole: this.isWhole,
    };
  }

  /**
   * Looks at the files that `first` did not. Ends early, without an error, when the signal is aborted.
   * @param found called with every file that cannot be used
   * @param progress called with the number of files that were looked at
   */
  async rest(
    decoder: DecoderClient,
    signal: AbortSignal,
    found: (problem: FileProblem) => Promise<void>,
    progress: (done: number) => void,
  ): Promise<void> {
    while (!this.isWhole) {
      const items = await this.waiting.take(messageLimits, 1);
      const looks = await this.lookAtReachable(decoder, items.flatMap(filesOf), signal);
      const infos = new Map<string, ImageInfo>();
      for (const [file, look] of looks)
        if ("reason" in look) await found(look);
        else infos.set(file, look);
      // Volumes were already judged by their headers, in `first`.
      if (this.settings.volumes === null)
        for (const item of items) for (const problem of this.unfit(item, infos)) await found(problem);
      this.advance(items, infos);
      await this.remembered.save();
      progress(this.done);
    }
    await this.remembered.prune();
  }

  get isWhole(): boolean {
    return this.waiting.isEmpty;
  }

  /** The mean intensity windows of the training volumes; null for images, and while no volume of a domain was looked at. */
  get intensity(): MeanWindows | null {
    const { a, b } = { a: this.windows.a.mean, b: this.windows.b.mean };
    return a === null || b === null ? null : { a, b };
  }

  private advance(items: readonly Item[], infos: ReadonlyMap<string, ImageInfo>): void {
    this.done += items.reduce((sum, item) => sum + filesOf(item).length, 0);
    for (const { a, b, isTrained } of items) {
      if (!isTrained) continue;
      this.windows.a.add(a === undefined ? undefined : infos.get(a.file)?.window);
      this.windows.b.add(b === undefined ? undefined : infos.get(b.file)?.window);
    }
  }

  /**
   * Reads the header of every volume into `infos`. Where `data.upsampling` is null, sets the upsampling factors in `settings` from the
   * first training pair of unequal sizes.
   */
  private async lookAtHeaders(
    decoder: DecoderClient,
    infos: Map<string, ImageInfo>,
    note: (problem: FileProblem) => void,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { volumes, paired } = this.settings;
    const files = [...itemsOf(this.dataset)].flatMap(filesOf);
    const headers = { intensity: volumes!.intensity, headerOnly: true };
    for (let i = 0; i < files.length; i += messageLimits.files) {
      const some = files.slice(i, i + messageLimits.files);
      for (const [j, one] of (await decoder.inspectAll(some, headers, signal)).entries()) {
        if (one instanceof Error) note(problemOrRethrow(some[j]!, one));
        else infos.set(some[j]!, one);
      }
    }
    if (volumes!.upsampling !== null) return;
    const upsampling = upsamplingOf(paired ? readPairs(itemsOf(this.dataset), infos) : []);
    this.settings = { ...this.settings, volumes: { ...volumes!, upsampling } };
  }

  /**
   * As `lookAt`, but waits for folders that are unreachable, because a file with a problem in one may be sound: looks at all files again
   * every 2 s, until all these folders are back.
   */
  private async lookAtReachable(
    decoder: DecoderClient,
    files: readonly string[],
    signal: AbortSignal,
  ): Promise<Map<string, InspectionResult>> {
    for (;;) {
      const looks = await this.lookAt(decoder, files, signal);
      const folders = new Set([...looks].flatMap(([file, look]) => ("reason" in look ? [dirname(file)] : [])));
      const reachable = await Promise.all([...folders].map(isReachable));
      if (reachable.every(Boolean)) return looks;
      await sleep(2000, undefined, { signal });
    }
  }

  private async lookAt(
    decoder: DecoderClient,
    files: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<Map<string, InspectionResult>> {
    const recalled = await Promise.all(files.map((file) => this.remembered.recall(file)));
    const unknown = files.flatMap((file, i) =>
      recalled[i]!.info === null ? [{ file, state: recalled[i]!.state }] : [],
    );
    const inspected = await decoder.inspectAll(
      unknown.map(({ file }) => file),
      { intensity: this.settings.volumes?.intensity ?? null },
      signal,
    );
    const found = new Map<string, InspectionResult>();
    for (const [i, file] of files.entries()) {
      const { info } = recalled[i]!;
      if (info !== null) found.set(file, info);
    }
    for (const [i, one] of inspected.entries()) {
      const { file, state } = unknown[i]!;
      found.set(file, one instanceof Error ? problemOrRethrow(file, one) : one);
      if (!(one instanceof Error) && state !== null) await this.remembered.remember(file, state, one);
    }
    return found;
  }

  /** The reasons why readable images of an item cannot be trained on; empty where all can. */
  private unfit({ a, b }: Item, infos: ReadonlyMap<string, ImageInfo>): FileProblem[] {
    const problems: FileProblem[] = [];
    for (const [domain, source] of [
      ["a", a],
      ["b", b],
    ] as const) {
      const info = source === undefined ? undefined : infos.get(source.file);
      const problem = info === undefined ? null : fitProblem(source!, domain, info, this.settings);
      if (problem !== null && !problems.some(({ file }) => file === problem.file)) problems.push(problem);
    }
    if (problems.length > 0 || a === undefined || b === undefined || !this.settings.paired) return problems;
    const unequal = pairProblem(a, b, infos, this.settings);
    return unequal === null ? [] : [unequal];
  }

  private inOrder(problems: ReadonlyMap<string, FileProblem>): FileProblem[] {
    if (problems.size === 0) return [];
    const files = splitNames.flatMap((name) => {
      const { a, b } = sourcesOf(this.dataset.splits[name]);
      return [a, b].flatMap((sources) => sources.filter(({ file }) => problems.has(file)).map(({ file }) => file));
    });
    return [...new Set(files)].map((file) => problems.get(file)!);
  }
}

function problemOrRethrow(file: string, error: Error): FileProblem {
  const problem = problemIn(file, error);
  if (problem === null) throw error;
  return problem;
}

function* readPairs(
  items: Iterable<Item>,
  infos: ReadonlyMap<string, ImageInfo>,
): Generator<readonly [Placed, Placed]> {
  for (const { a, b, isTrained } of items) {
    if (!isTrained || a === undefined || b === undefined) continue;
    const [infoA, infoB] = [infos.get(a.file), infos.get(b.file)];
    if (infoA !== undefined && infoB !== undefined) yield [placedOf(a.file, infoA), placedOf(b.file, infoB)];
  }
}

/** The mean of intensity windows, in the order in which they are added. */
class MeanWindow {
  private low = 0;
  private high = 0;
  private count = 0;

  add(window: IntensityWindow | undefined): void {
    if (window === undefined) return;
    this.low += window.low;
    this.high += window.high;
    this.count++;
  }

  get mean(): IntensityWindow | null {
    return this.count === 0 ? null : { low: this.low / this.count, high: this.high / this.count };
  }
}
