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

/** A data set whose files were listed, and some of which were opened and checked before the first step. */
export interface FoundData {
  /** The configuration, with `data.upsampling` filled in from the volumes' grids. */
  readonly config: Config;
  readonly dataset: Dataset;
  /** The training files that `data.split` holds out for validation; null where nothing is held out. */
  readonly heldOut: HeldOut | null;
  readonly decoder: DecoderClient;
  /** The pictures or volumes for validations; null for no validations. */
  readonly validation: ValidationCases | null;
  /** The unusable files that the training skips; null without `data.skipUnreadable`. */
  readonly leftOut: LeftOut | null;
  /** Checks the remaining files. `withData` does not start it, but stops it at the end. */
  readonly check: BackgroundCheck;
}

/** Choices about the data that a resumed run reads from its run folder. */
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
 * Lists the data set, checks the first files, and calls `work` with the result. The decoder process runs until `work` has ended. Errors as
 * {@link requireReadable}.
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

/** The folder that remembers checked files between trainings. It lies in the user's cache and serves all projects. */
function checkedFilesFolder(): string {
  return join(cacheFolders(process.env).root, "checked");
}

function withGrids(config: Config, { settings }: FirstReport): Config {
  const upsampling = settings.volumes?.upsampling ?? null;
  return upsampling === null
    ? config
    : { ...config, data: { ...config.data, upsampling: upsamplingAsConfigured(upsampling) } };
}
