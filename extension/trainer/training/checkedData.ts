import { join } from "node:path";
import type { Config } from "../../configuration/config";
import { dataLocation } from "../../configuration/dataLocation";
import { RevganError } from "../../protocol/errors";
import type { HeldOut } from "../../runFolder/heldOut";
import { DatasetCheck, type FirstReport } from "../data/dataset/check";
import { DecoderClient } from "../data/decoder/decoderClient";
import type { FileProblem } from "../data/decoder/decoderFiles";
import { fileKind } from "../data/dataset/fileKind";
import { drawHeldOut, holdOut } from "../data/dataset/heldOut";
import { imageSettings } from "../data/dataset/imageSettings";
import { type Dataset, scanDataset, sourcesOf } from "../data/dataset/dataset";
import { RememberedFiles } from "../data/dataset/rememberedFiles";
import { requireReadable } from "../data/dataset/requireReadable";
import { LeftOut } from "../data/leftOut";
import { cacheFolders } from "../engines/cacheFolder";
import { upsamplingAsConfigured } from "../volumes/grids";
import { BackgroundCheck } from "./backgroundCheck";
import { findValidation, type ValidationCases } from "./validationCases";

/** A data set whose names were listed, and of which the first files were looked at. */
export interface FoundData {
  /** Completed by what follows from the files: the volumes' upsampling. */
  readonly config: Config;
  readonly dataset: Dataset;
  /** What `data.split` holds out of the training files. */
  readonly heldOut: HeldOut | null;
  readonly decoder: DecoderClient;
  /** What is validated on; null for no validations. */
  readonly validation: ValidationCases | null;
  /** Null without `data.skipUnreadable`. */
  readonly leftOut: LeftOut | null;
  /** Looks at the other files; it is not started yet, and is stopped with the decoder. */
  readonly check: BackgroundCheck;
}

/** What a run that is resumed has kept of its data. */
export interface KeptData {
  readonly heldOut: HeldOut | null;
  readonly leftOut: readonly FileProblem[];
}

interface DataListener {
  readonly signal: AbortSignal;
  readonly note: (text: string) => void;
  readonly warn: (text: string) => void;
}

/**
 * Lists the data and looks at the first files, with a decoder process that lives as long as `work`. Errors as {@link requireReadable}.
 * @param kept null for a new run
 */
export async function withData<T>(
  config: Config,
  kept: KeptData | null,
  listener: DataListener,
  work: (found: FoundData) => Promise<T>,
): Promise<T> {
  const kind = fileKind(config.network.dimensions);
  const location = dataLocation(config.data);
  if (location === null)
    throw new RevganError("config", "the configuration names no data folder", "set data.path, or data.a and data.b");
  const all = scanDataset(location, config.mode, kind);
  const heldOut = kept?.heldOut ?? drawHeldOut(all, config.data.split, config.training.seed, kind);
  const listed = holdOut(all, heldOut);
  const leftOut = config.data.skipUnreadable ? new LeftOut(listener.warn, kept?.leftOut) : null;
  const settings = imageSettings(config);
  const check = new DatasetCheck(
    listed,
    settings,
    new RememberedFiles(checkedFilesFolder(), JSON.stringify(settings.volumes?.intensity)),
  );
  const background = new BackgroundCheck(check, leftOut, listener);
  const decoder = new DecoderClient();
  try {
    const report = await check.first(decoder, listener.signal);
    const dataset = requireReadable(report, config.data.skipUnreadable);
    const validation = findValidation({ dataset, infos: report.infos, settings: report.settings }, config);
    for (const problem of report.problems) await leftOut?.add(problem);
    const { a, b } = sourcesOf(dataset.splits.train);
    listener.note(
      config.mode === "paired"
        ? `${a.length} pairs to train on`
        : `${a.length} ${kind.noun}s of A and ${b.length} of B to train on`,
    );
    return await work({
      config: withGrids(config, report),
      dataset,
      heldOut,
      decoder,
      validation,
      leftOut,
      check: background,
    });
  } finally {
    decoder.close();
    await background.stop();
  }
}

/** In the user's cache, shared by all projects. */
function checkedFilesFolder(): string {
  return join(cacheFolders(process.env).root, "checked");
}

function withGrids(config: Config, { settings }: FirstReport): Config {
  const upsampling = settings.volumes?.upsampling ?? null;
  return upsampling === null
    ? config
    : { ...config, data: { ...config.data, upsampling: upsamplingAsConfigured(upsampling) } };
}
