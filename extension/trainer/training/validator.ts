import type { Config } from "../../configuration/config";
import { RevganError } from "../../protocol/errors";
import type { TranslationDirection, ValidationLine } from "../../protocol/lines";
import { directionsOf } from "../../configuration/networkKind";
import type { Run } from "../../runFolder/runFile";
import type { DecoderClient } from "../data/decoder/decoderClient";
import type { ImageInfo } from "../data/decoder/decoderProtocol";
import { fileKind, imageFiles, volumeFiles } from "../data/dataset/fileKind";
import type { LeftOut } from "../data/leftOut";
import { halfSize, unequalPair } from "../data/sizeProblems";
import { type ImageSettings, imageSettings } from "../data/dataset/imageSettings";
import type { Dataset, Split, Source } from "../data/dataset/dataset";
import { type ImageSize, sameSize } from "../data/picture";
import { type Case, casesOf } from "../evaluate/cases";
import { Evaluator } from "../evaluate/evaluator";
import { meanMetrics } from "../evaluate/meanMetrics";
import type { Kernels } from "../kernels/kernels";
import type { Model } from "../models/model";
import { Translator } from "../translate/translator";
import { gridOf } from "../volumes/grids";

/** Computes a network's metrics on the validation pairs during training, as `revgan evaluate --split val` does. Keeps no tensors. */
export class Validator {
  private readonly translator: Translator;

  /**
   * @param split has pairs, as {@link requirePairs} checks
   * @param data `intensity` of a run with volumes, once it is known; `leftOut` where unreadable files are left out, null: they are errors
   */
  constructor(
    k: Kernels,
    model: Model,
    private readonly config: Config,
    private readonly decoder: DecoderClient,
    private readonly split: Split,
    private readonly data: {
      readonly intensity: () => Promise<NonNullable<Run["intensity"]> | null>;
      readonly leftOut: LeftOut | null;
    },
  ) {
    this.translator = new Translator(k, model, config.network, null);
  }

  /**
   * The metrics of every direction, means over the pairs.
   * @param yieldToEventLoop awaited between pictures, and between the tiles of large ones; may throw to end the validation
   * @throws RevganError `data` naming a file that has become unreadable; when the signal is aborted, `interrupted` or what `yieldToEventLoop` throws
   */
  async validate(step: number, signal: AbortSignal, yieldToEventLoop: () => Promise<void>): Promise<ValidationLine> {
    const metrics: ValidationLine["metrics"] = {};
    for (const direction of directionsOf(this.config.network))
      metrics[direction] = await this.metricsIn(direction, signal, yieldToEventLoop);
    return { type: "validation", step, metrics };
  }

  private async metricsIn(
    direction: TranslationDirection,
    signal: AbortSignal,
    yieldToEventLoop: () => Promise<void>,
  ): Promise<NonNullable<ValidationLine["metrics"][TranslationDirection]>> {
    const { mode, network } = this.config;
    const { leftOut } = this.data;
    const evaluator = new Evaluator(this.translator, this.decoder, {
      direction,
      back: null,
      settings: imageSettings(this.config),
      intensity: await this.data.intensity(),
      palette: null,
      skip: leftOut === null ? null : () => undefined,
      signal,
      yieldToEventLoop,
    });
    const found = [];
    for await (const judged of evaluator.evaluate(
      casesOf(this.split, mode, direction, fileKind(network.dimensions)).filter(isPair),
    ))
      found.push(judged.metrics);
    const { mae, psnr, ssim } = meanMetrics(found);
    return { mae, psnr, ssim };
  }
}

/**
 * Checks that a data set has pairs to validate on.
 * @param infos of files that were looked at; sizes of others are compared when a validation reads them
 * @param settings with the volumes' grids
 * @throws RevganError `data`
 */
export function requirePairs(
  { root, mode, splits: { val } }: Dataset,
  infos: ReadonlyMap<string, ImageInfo>,
  { volumes }: Pick<ImageSettings, "volumes">,
): void {
  const pairs =
    val === null ? [] : casesOf(val, mode, "AtoB", volumes === null ? imageFiles : volumeFiles).filter(isPair);
  // Paired volumes are brought to one grid, whatever their sizes.
  if (mode === "paired" && volumes !== null && pairs.length > 0) return;
  const sizeOf = (source: Source, domain: "a" | "b"): ImageSize =>
    gridOf(halfSize(source, infos.get(source.file)!), domain, volumes);
  const known = pairs
    .filter(({ input, truth }) => infos.has(input.file) && infos.has(truth!.file))
    .map(({ input, truth }) => ({ input, truth: truth!, sizes: [sizeOf(input, "a"), sizeOf(truth!, "b")] as const }));
  const unequal = known.find(({ sizes: [a, b] }) => !sameSize(a, b));
  if (mode === "paired" && unequal !== undefined) {
    const { input, truth, sizes } = unequal;
    const { file, reason } = unequalPair(input.file, sizes[0], truth.file, sizes[1]);
    throw new RevganError("data", `${file} ${reason}`, "give both the same size: validations compare them as they are");
  }
  if (known.length < pairs.length || known.some(({ sizes: [a, b] }) => sameSize(a, b))) return;
  const wanted =
    volumes === null
      ? "files of the same name and size into valA and valB, or pairs side by side into val"
      : "volumes of the same name into the two folders of val";
  throw new RevganError(
    "data",
    `${root} has no pairs to validate on`,
    `put ${wanted}, or set training.validateEvery to 0`,
  );
}

function isPair({ truth }: Case): boolean {
  return truth !== null;
}
