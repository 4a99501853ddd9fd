import type { Run } from "../../runFolder/runFile";
import type { Config } from "../../configuration/config";
import { dataLocation } from "../../configuration/dataLocation";
import { RevganError } from "../../protocol/errors";
import type { HeldOut } from "../../runFolder/heldOut";
import { checkDataset, type CheckReport } from "../data/dataset/check";
import { DecoderClient } from "../data/decoder/decoderClient";
import { fileKind } from "../data/dataset/fileKind";
import { drawHeldOut, holdOut } from "../data/dataset/heldOut";
import { imageSettings } from "../data/dataset/imageSettings";
import { type Dataset, scanDataset, sourcesOf } from "../data/dataset/dataset";
import { requireReadable } from "../data/dataset/requireReadable";
import { writtenUpsampling } from "../volumes/grids";
import { requirePairs } from "./validator";

/** A data set whose files were all checked. */
export interface FoundData {
  /** Completed by what follows from the files: the volumes' upsampling. */
  readonly config: Config;
  readonly dataset: Dataset;
  /** What `data.split` holds out of the training files. */
  readonly heldOut: HeldOut | null;
  readonly decoder: DecoderClient;
  /** Of volumes. */
  readonly intensity: NonNullable<Run["intensity"]> | null;
}

interface DataListener {
  readonly signal: AbortSignal;
  /** Called for every file that is checked. */
  readonly checking?: (done: number, all: number) => void;
  readonly note: (text: string) => void;
  readonly warn: (text: string) => void;
}

/**
 * Finds and checks the data, with a decoder process that lives as long as `work`. Errors as {@link requireReadable}.
 * @param kept what a run that is resumed has held out before; null to draw it
 */
export async function withData<T>(
  config: Config,
  kept: HeldOut | null,
  listener: DataListener,
  work: (found: FoundData) => Promise<T>,
): Promise<T> {
  const kind = fileKind(config.network.dimensions);
  const location = dataLocation(config.data);
  if (location === null)
    throw new RevganError("config", "the configuration names no data folder", "set data.path, or data.a and data.b");
  const all = scanDataset(location, config.mode, kind);
  const heldOut = kept ?? drawHeldOut(all, config.data.split, config.training.seed, kind);
  const scanned = holdOut(all, heldOut);
  const decoder = new DecoderClient();
  try {
    const report = await checkDataset(scanned, imageSettings(config), decoder, {
      signal: listener.signal,
      onProgress: listener.checking ?? (() => undefined),
    });
    const dataset = requireReadable(report, config.data.skipUnreadable);
    if (config.training.validateEvery > 0) requirePairs(dataset, report.infos, report.settings);
    for (const { file, reason } of report.problems) listener.warn(`without ${file}: it ${reason}`);
    const { a, b } = sourcesOf(dataset.splits.train);
    listener.note(
      config.mode === "paired"
        ? `${a.length} pairs to train on`
        : `${a.length} ${kind.noun}s of A and ${b.length} of B to train on`,
    );
    return await work({ config: withGrids(config, report), dataset, heldOut, decoder, intensity: intensityOf(report) });
  } finally {
    decoder.close();
  }
}

function withGrids(config: Config, { settings }: CheckReport): Config {
  const upsampling = settings.volumes?.upsampling ?? null;
  return upsampling === null
    ? config
    : { ...config, data: { ...config.data, upsampling: writtenUpsampling(upsampling) } };
}

function intensityOf({ summaries }: CheckReport): FoundData["intensity"] {
  const [a, b] = [summaries.train?.a.window ?? null, summaries.train?.b.window ?? null];
  return a === null || b === null ? null : { a, b };
}
