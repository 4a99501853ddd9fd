import { resolve } from "node:path";
import type { Config } from "../../configuration/config";
import { type DataLocation, dataLocation, foldersOf } from "../../configuration/dataLocation";
import { type Failure, RevganError } from "../../protocol/errors";
import {
  type EvaluatedSplit,
  evaluatedSplits,
  type EvaluationLine,
  type TranslationDirection,
} from "../../protocol/lines";
import { directionsOf } from "../../configuration/networkKind";
import { stepCosts } from "../../comparison/comparisonLine";
import { WorstCases, worstShown } from "../../comparison/worstCases";
import { readMetrics } from "../../runFolder/metrics";
import { readHeldOut } from "../../runFolder/heldOut";
import { pathIn } from "../../runFolder/paths";
import { DecoderClient } from "../data/decoder/decoderClient";
import { fileKind } from "../data/dataset/fileKind";
import { holdOut } from "../data/dataset/heldOut";
import { imageSettings } from "../data/dataset/imageSettings";
import {
  type Dataset,
  scanDataset,
  type ScannedSplit,
  scanSplit,
  sourcesOf,
  type SplitName,
} from "../data/dataset/dataset";
import { openEngine } from "../engines/openEngine";
import type { Ranks } from "../ranks/ranks";
import { requireEqualStart } from "../ranks/start";
import { parameterCount } from "../nn/parameter";
import { weightsOfRun } from "../training/checkpointFiles";
import { disposeNetwork, openNetwork } from "../training/network";
import { yieldToEventLoop } from "../translate/translateFiles";
import { Translator } from "../translate/translator";
import { type Case, casesOf } from "./cases";
import { writeEvaluation } from "./evaluationFiles";
import { type CaseMetrics, Evaluator, type EvaluatedCase } from "./evaluator";
import type { LabelMetrics } from "./confusion";
import { meanMetrics } from "./meanMetrics";
import type { Palette } from "./palette";
import { PaletteFinder, type Palettes } from "./paletteFinder";
import { SetMetrics } from "./setMetrics";

/** The arguments of {@link evaluateRun}. */
export interface EvaluationOrder {
  readonly run: string;
  /** A data folder with the layout of the run's own, to use instead; null for the run's own. */
  readonly data: string | null;
  readonly split: EvaluatedSplit;
  /** A file with the colours of the label maps; null to look for them in the training pictures. */
  readonly palette: string | null;
  /** Folder for the files; null for `RUN/evaluation`. */
  readonly out: string | null;
}

/** Callbacks of {@link evaluateRun}. */
export interface EvaluationListener {
  readonly signal: AbortSignal;
  /** Called with progress for people. */
  readonly note: (text: string) => void;
  /** Called with warnings: a file left out, a damaged checkpoint. */
  readonly warn: (text: string) => void;
  /** Called before the first picture and after each picture. */
  readonly judging: (direction: TranslationDirection, done: number, of: number) => void;
  readonly evaluated: (evaluation: Evaluation) => void;
}

/** The evaluation of one direction. */
export interface Evaluation {
  readonly line: EvaluationLine;
  /** Whether the run translates volumes; errors are then in units of their files. */
  readonly volumes: boolean;
  /** The number of pictures that have a partner to be compared with. */
  readonly pairs: number;
  /** Classes of the label maps; 0 where the output is no label map. */
  readonly classes: number;
  /** Common path of the three files, without their endings. */
  readonly files: string;
}

/**
 * Evaluates a run's latest checkpoint on pictures that it was not trained on, in every direction that it translates. The ranks divide the
 * pictures among them. Rank 0 writes the files, and `evaluated` is called there only.
 * @throws RevganError naming what is missing
 */
export async function evaluateRun(order: EvaluationOrder, listener: EvaluationListener, ranks: Ranks): Promise<void> {
  const { signal, warn, note } = listener;
  const { config, intensity, step, ...weights } = await weightsOfRun(order.run, warn);
  const kind = fileKind(config.network.dimensions);
  if (order.palette !== null && config.network.dimensions === 3)
    throw new RevganError("usage", "--palette is for pictures, and the run translates volumes", "leave it out");
  const location = locationOf(config, order);
  const scanned = await splitOf(location, config, order);
  const skip = config.data.skipUnreadable ? (problem: Failure): void => warn(`without ${problem.message}`) : null;
  for (const { file, reason, remedy } of scanned.problems) {
    if (skip === null) throw new RevganError("data", `${file} ${reason}`, remedy);
    warn(`without ${file}: it ${reason}`);
  }
  const decoder = new DecoderClient();
  try {
    const own = ranks.isFirst ? await palettesOf(location, scanned, config, order, decoder, signal) : null;
    await ranks.meet();
    const palettes = (await ranks.exchange(own))[0]!;
    const engine = await openEngine(config, { local: ranks.local, signal });
    note(`Engine: ${engine.why}`);
    const model = openNetwork(engine.kernels, config, weights, { exact: false });
    try {
      const translator = new Translator(engine.kernels, model, config.network, null);
      const costs = {
        parameters: parameterCount(model.generatorParameters),
        ...stepCosts((await readMetrics(order.run, warn)).steps),
      };
      const ways = directionsOf(config.network).map((direction) => ({
        direction,
        palette: direction === "AtoB" ? palettes.b : palettes.a,
        cases: casesOf(scanned.split, config.mode, direction, kind),
      }));
      await requireEqualStart(ranks, config, ways, engine, model);
      const counts = Object.fromEntries(ways.map(({ direction, cases }) => [direction, cases.length]));
      const isUnpaired = config.mode === "unpaired";
      const sets = new SetMetrics(counts, isUnpaired);
      const finish = async (direction: TranslationDirection, palette: Palette | null, found: Found): Promise<void> => {
        const perImage = found.metrics.map(({ name, metrics }) => ({ name, ...metrics }));
        const line: EvaluationLine = {
          type: "evaluation",
          direction,
          step,
          images: perImage.length,
          metrics: { ...meanMetrics(perImage), ...sets.figures(direction), ...found.labels, ...costs },
          perImage,
        };
        const files = await writeEvaluation(
          resolve(order.out ?? pathIn(order.run, "evaluation")),
          order.split,
          line,
          found.worst.cases,
          decoder,
        );
        listener.evaluated({
          line,
          files,
          volumes: config.network.dimensions === 3,
          pairs: perImage.filter(({ mae }) => mae !== undefined).length,
          classes: palette?.length ?? 0,
        });
      };
      // In unpaired data the files are written after both directions, because distances between sets need the pictures of both.
      const unfinished: (() => Promise<void>)[] = [];
      for (const { direction, palette, cases } of ways) {
        const evaluator = new Evaluator(translator, decoder, ranks, {
          direction,
          back: ways.find((way) => way.direction !== direction)?.direction ?? null,
          settings: imageSettings(config),
          intensity,
          palette,
          collect: (index, image) => sets.add(direction, index, image),
          skip,
          signal,
          yieldToEventLoop: () => yieldToEventLoop(signal),
          retry: (work) => work(),
        });
        const found = await evaluateAll(evaluator, cases, (done, of) => listener.judging(direction, done, of));
        if (!ranks.isFirst) continue;
        if (isUnpaired) unfinished.push(() => finish(direction, palette, found));
        else await finish(direction, palette, found);
      }
      for (const each of unfinished) await each();
    } finally {
      disposeNetwork(model);
    }
  } finally {
    decoder.close();
  }
}

/** The results for one direction's pictures. */
interface Found {
  readonly metrics: readonly { readonly name: string; readonly metrics: CaseMetrics }[];
  readonly worst: WorstCases<EvaluatedCase>;
  readonly labels: Partial<LabelMetrics>;
}

async function evaluateAll(
  evaluator: Evaluator,
  cases: readonly Case[],
  judging: (done: number, of: number) => void,
): Promise<Found> {
  const metrics: { name: string; metrics: CaseMetrics }[] = [];
  const worst = new WorstCases<EvaluatedCase>(worstShown);
  judging(0, cases.length);
  for await (const evaluated of evaluator.evaluate(cases)) {
    metrics.push({ name: evaluated.name, metrics: evaluated.metrics });
    worst.add(evaluated);
    judging(metrics.length, cases.length);
  }
  return { metrics, worst, labels: evaluator.confusion?.metrics() ?? {} };
}

function locationOf({ data }: Config, { run, data: given }: EvaluationOrder): DataLocation {
  const location = given === null ? dataLocation(data) : { path: given, folders: data.folders };
  if (location === null) throw new RevganError("run", `${run} names no data folder`, "name one with --data");
  return location;
}

/** @throws RevganError `data` when the data set does not have that split */
async function splitOf(
  location: DataLocation,
  { mode, network }: Config,
  { split, run, data }: EvaluationOrder,
): Promise<ScannedSplit> {
  const kind = fileKind(network.dimensions);
  const things = kind.sideBySide ? "pictures" : "volumes";
  const heldOut = data === null ? await readHeldOut(run) : null;
  const find = (name: (typeof evaluatedSplits)[number]): ScannedSplit | null =>
    heldOut?.[name] == null
      ? scanSplit(location, mode, name, kind)
      : heldOutSplit(holdOut(scanDataset(location, mode, kind), heldOut), name);
  const scanned = find(split);
  if (scanned !== null) return scanned;
  const otherSplit = evaluatedSplits.find((name) => name !== split)!;
  const hint =
    find(otherSplit) === null
      ? `put ${things} into ${split}A and ${split}B${kind.sideBySide ? `, or pairs into ${split}` : ""}`
      : `judge the ${otherSplit} ${things} (--split ${otherSplit})`;
  throw new RevganError(
    "data",
    `${foldersOf(location)
      .map((folder) => resolve(folder))
      .join(" and ")} ${"path" in location ? "has" : "have"} no ${split} ${things}`,
    `${hint}, or name another folder with --data`,
  );
}

function heldOutSplit({ root, splits }: Dataset, name: SplitName): ScannedSplit | null {
  const split = splits[name];
  return split === null ? null : { root, split, problems: [] };
}

/**
 * Palettes from the palette file, else from the training pictures, or from the evaluated ones where there are no training pictures. Null
 * for volumes.
 */
async function palettesOf(
  location: DataLocation,
  scanned: ScannedSplit,
  config: Config,
  { palette }: EvaluationOrder,
  decoder: DecoderClient,
  signal: AbortSignal,
): Promise<Palettes> {
  if (config.network.dimensions === 3) return { a: null, b: null };
  const split = scanSplit(location, config.mode, "train")?.split ?? scanned.split;
  const finder = new PaletteFinder(decoder, sourcesOf(split), channelsOf(config), signal);
  return palette === null ? finder.find() : finder.assign(palette);
}

function channelsOf({ network }: Config): { a: number; b: number } {
  return { a: network.inputChannels, b: network.outputChannels };
}
