import type { Config } from "../../configuration/config";
import { directionsOf } from "../../configuration/networkKind";
import type { ValidationLine } from "../../protocol/lines";
import type { Run } from "../../runFolder/runFile";
import type { DecoderClient } from "../data/decoder/decoderClient";
import type { LeftOut } from "../data/leftOut";
import { imageSettings } from "../data/dataset/imageSettings";
import { type CaseMetrics, Evaluator } from "../evaluate/evaluator";
import { meanMetrics } from "../evaluate/meanMetrics";
import { type PatchSets, SetMetrics } from "../evaluate/setMetrics";
import { Spreads } from "../evaluate/spread";
import type { Kernels } from "../kernels/kernels";
import type { Model } from "../models/model";
import { Translator } from "../translate/translator";
import { picturesIn, type ValidationCases } from "./validationCases";

/** A validation, and what it cost. */
export interface Validated {
  readonly line: ValidationLine;
  readonly seconds: number;
  /** The part of `seconds` that grows with the number of pictures, for all of them together. */
  readonly pictureSeconds: number;
  /** What comparing sets will take again, whatever the number of pictures. */
  readonly setSeconds: number;
}

/** Computes a network's metrics on pictures that are not trained on, as `revgan evaluate` does. Keeps no tensors. */
export class Validator {
  private readonly translator: Translator;
  /** The patches of the last validation's input pictures, which do not change. */
  private known: { readonly of: ValidationCases; readonly inputs: PatchSets } | null = null;

  /** @param data `intensity` of a run with volumes, once it is known; `leftOut` where unreadable files are left out, null: they are errors */
  constructor(
    k: Kernels,
    model: Model,
    private readonly config: Config,
    private readonly decoder: DecoderClient,
    private readonly data: {
      readonly intensity: () => Promise<NonNullable<Run["intensity"]> | null>;
      readonly leftOut: LeftOut | null;
    },
  ) {
    this.translator = new Translator(k, model, config.network, null);
  }

  /**
   * The metrics of every direction: means over pairs, or without pairs the distances between sets. In automatic validations, pictures
   * that cannot be read are left out.
   *
   * @param yieldToEventLoop awaited between pictures, and between the tiles of large ones; may throw to end the validation
   * @throws RevganError `data` naming a file that has become unreadable; when the signal is aborted, `interrupted` or what `yieldToEventLoop` throws
   */
  async validate(
    step: number,
    validation: ValidationCases,
    signal: AbortSignal,
    yieldToEventLoop: () => Promise<void>,
  ): Promise<Validated> {
    const intensity = await this.data.intensity();
    const started = performance.now();
    const { cases, arePairs, split } = validation;
    const automatic = this.config.training.validateEvery === null;
    const ways = directionsOf(this.config.network);
    const counts = Object.fromEntries(ways.map((direction) => [direction, cases[direction]?.length ?? 0]));
    const known = this.known?.of === validation ? this.known.inputs : null;
    const sets = new SetMetrics(counts, !arePairs, known);
    const spreads = new Spreads();
    const found = new Map<(typeof ways)[number], CaseMetrics[]>();
    for (const direction of ways) {
      const evaluator = new Evaluator(this.translator, this.decoder, {
        direction,
        back: null,
        settings: imageSettings(this.config),
        intensity,
        palette: null,
        collect: (index, image) => {
          sets.add(direction, index, image);
          spreads.add(direction, image);
        },
        skip: automatic || this.data.leftOut !== null ? () => undefined : null,
        signal,
        yieldToEventLoop,
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
    this.known = { of: validation, inputs: sets.inputs };
    const seconds = (performance.now() - started) / 1000;
    // The first validation on these pictures also takes the patches of the inputs. Later ones reuse them, so that comparing sets takes
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
