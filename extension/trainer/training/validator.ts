import type { Config } from "../../configuration/config";
import { directionsOf } from "../../configuration/networkKind";
import type { ValidationLine } from "../../protocol/lines";
import type { Run } from "../../runFolder/runFile";
import type { DecoderClient } from "../data/decoder/decoderClient";
import { imageSettings } from "../data/dataset/imageSettings";
import { type CaseMetrics, Evaluator, type TranslationControl } from "../evaluate/evaluator";
import { meanMetrics } from "../evaluate/meanMetrics";
import { type PatchSets, SetMetrics } from "../evaluate/setMetrics";
import { Spreads } from "../evaluate/spread";
import type { Ranks } from "../ranks/ranks";
import type { Translator } from "../translate/translator";
import { evenlySpreadCases, picturesIn, type ValidationCases } from "./validationCases";

/** The part of a validation that rank 0 decides for all ranks. */
export interface ValidationOrder {
  /** The most pictures to use of each direction, evenly spread over all of them. */
  readonly images: number;
  /** The intensity windows of a run with volumes; null for images. */
  readonly intensity: NonNullable<Run["intensity"]> | null;
}

/** The result of a validation, and the time that it took. */
export interface Validated {
  readonly line: ValidationLine;
  readonly seconds: number;
  /** The part of `seconds` that grows with the number of pictures, for all of them together. */
  readonly pictureSeconds: number;
  /** The seconds that comparing sets of pictures will take in a later validation, whatever the number of pictures. */
  readonly setSeconds: number;
}

/** Computes a network's metrics on pictures that are not trained on, as `revgan evaluate` does. Keeps no tensors. */
export class Validator {
  /** The last validation's patches of its input pictures, to be reused by a validation on as many pictures. */
  private known: { readonly images: number; readonly inputs: PatchSets } | null = null;

  /** @param all every case that can be validated on */
  constructor(
    private readonly translator: Translator,
    private readonly decoder: DecoderClient,
    private readonly ranks: Ranks,
    private readonly config: Config,
    readonly all: ValidationCases,
  ) {}

  /**
   * Computes the metrics of every direction: means over the pairs or, without pairs, distances between sets of pictures. Automatic
   * validations, and all with `data.skipUnreadable`, leave out pictures that cannot be read. All ranks take part and must have met before.
   * Only rank 0's result is valid.
   *
   * @param order rank 0's decision; null on the other ranks
   * @throws RevganError `data` naming a file that has become unreadable; Stopped when the signal is aborted on any rank
   */
  async validate(step: number, order: ValidationOrder | null, control: TranslationControl): Promise<Validated> {
    const started = performance.now();
    const [decided] = await this.ranks.exchange(order);
    const { images, intensity } = decided!;
    const validation = evenlySpreadCases(this.all, images);
    const { cases, arePairs, split } = validation;
    const automatic = this.config.training.validateEvery === null;
    const ways = directionsOf(this.config.network);
    const counts = Object.fromEntries(ways.map((direction) => [direction, cases[direction]?.length ?? 0]));
    const known = this.known?.images === images ? this.known.inputs : null;
    const sets = new SetMetrics(counts, !arePairs, known);
    const spreads = new Spreads();
    const found = new Map<(typeof ways)[number], CaseMetrics[]>();
    for (const direction of ways) {
      const evaluator = new Evaluator(this.translator, this.decoder, this.ranks, {
        ...control,
        direction,
        back: null,
        settings: imageSettings(this.config),
        intensity,
        palette: null,
        collect: (index, image) => {
          sets.add(direction, index, image);
          spreads.add(direction, image);
        },
        skip: automatic || this.config.data.skipUnreadable ? () => undefined : null,
      });
      const metrics = [];
      for await (const evaluated of evaluator.evaluate(cases[direction] ?? [])) metrics.push(evaluated.metrics);
      found.set(direction, metrics);
    }
    const metrics: ValidationLine["metrics"] = {};
    for (const [direction, each] of found) {
      const { mae = null, psnr = null, ssim = null } = meanMetrics(each);
      metrics[direction] = {
        ...(arePairs ? { mae, psnr, ssim } : {}),
        ...sets.figures(direction),
        ...spreads.figures(direction),
      };
    }
    this.known = { images, inputs: sets.inputs };
    const seconds = (performance.now() - started) / 1000;
    // The first validation on these pictures also extracts the inputs' patches. Later validations reuse these, so comparing sets then takes
    // about half as long.
    const setSeconds = arePairs ? 0 : known === null ? sets.seconds / 2 : sets.seconds;
    return {
      line: {
        type: "validation",
        step,
        metrics,
        split,
        images: picturesIn(validation),
        ...(automatic ? { automatic } : {}),
      },
      seconds,
      pictureSeconds: seconds - (arePairs ? 0 : sets.seconds),
      setSeconds,
    };
  }
}
