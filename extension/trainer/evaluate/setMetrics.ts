import { directions, type EvaluationLine, type TranslationDirection } from "../../protocol/lines";
import type { Picture } from "../data/picture";
import type { Volume } from "../volumes/volume";
import { ConstantColour } from "./constantColour";
import { PatchSet, slicedWasserstein } from "./slicedWasserstein";

/** A picture or volume, its translation, and its true translation, where it is known. */
export interface TranslatedImage {
  readonly input: Picture | Volume;
  readonly translated: Picture | Volume;
  readonly truth: Picture | Volume | null;
}

/** Figures of all pictures of a direction together. */
export type SetFigures = Pick<
  EvaluationLine["metrics"],
  "constantMae" | "slicedWasserstein" | "slicedWassersteinUntranslated"
>;

/** The patches of each direction's pictures. */
export type PatchSets = Partial<Record<TranslationDirection, PatchSet>>;

/**
 * Collects what is measured over all translated pictures together: the error of the best constant colour and, with `hasDistances`, the
 * distances between the translations and the real pictures of their domain, which are the inputs of the other direction.
 */
export class SetMetrics {
  /** The patches of the input pictures. */
  readonly inputs: PatchSets;
  /** Seconds that all calls of {@link add} and {@link figures} have taken. */
  seconds = 0;
  private readonly constants = { AtoB: new ConstantColour(), BtoA: new ConstantColour() };
  private readonly translations: PatchSets = {};

  /**
   * @param counts how many pictures are translated in each direction
   * @param known patches of the same input pictures, from an earlier collection; null takes them from the pictures that are added
   */
  constructor(
    private readonly counts: Readonly<Partial<Record<TranslationDirection, number>>>,
    private readonly hasDistances: boolean,
    private readonly known: PatchSets | null = null,
  ) {
    this.inputs = known ?? {};
  }

  /** @param index of the picture among those of the direction */
  add(direction: TranslationDirection, index: number, { input, translated, truth }: TranslatedImage): void {
    const started = performance.now();
    if (truth !== null) this.constants[direction].add(truth);
    if (this.hasDistances) {
      this.setOf(this.translations, direction, translated).add(translated, index);
      if (this.known === null) this.setOf(this.inputs, direction, input).add(input, index);
    }
    this.seconds += (performance.now() - started) / 1000;
  }

  /**
   * A direction's figures, to be called after both directions' pictures were added. A figure is absent where there is nothing to compare
   * with.
   */
  figures(direction: TranslationDirection): SetFigures {
    const started = performance.now();
    const real = this.inputs[directions.find((way) => way !== direction)!];
    const figures = {
      constantMae: this.constants[direction].error,
      slicedWasserstein: distanceBetween(this.translations[direction], real),
      slicedWassersteinUntranslated: distanceBetween(this.inputs[direction], real),
    };
    this.seconds += (performance.now() - started) / 1000;
    return Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== null));
  }

  private setOf(sets: PatchSets, direction: TranslationDirection, { channels }: Picture | Volume): PatchSet {
    return (sets[direction] ??= new PatchSet(this.counts[direction] ?? 0, channels));
  }
}

/** The distance of two sets; null where one is missing, has no patches, or has another number of channels. */
function distanceBetween(x: PatchSet | undefined, y: PatchSet | undefined): number | null {
  return x === undefined || y === undefined || x.channels !== y.channels ? null : slicedWasserstein(x, y);
}
