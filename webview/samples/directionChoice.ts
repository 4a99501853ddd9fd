import type { TranslationDirection } from "../../extension/protocol/lines";

/** The translation direction whose pictures and quality are shown. */
export class DirectionChoice {
  private chosen: TranslationDirection = "AtoB";
  private known: readonly TranslationDirection[] = ["AtoB"];

  /** @param onChosen called when the user has chosen another direction */
  constructor(private readonly onChosen: () => void) {}

  /** Sets the directions that the run's network has; at least one. */
  setKnown(known: readonly TranslationDirection[]): void {
    this.known = known;
  }

  /** The chosen direction if the network has it, else the network's only direction. */
  get direction(): TranslationDirection {
    return this.known.includes(this.chosen) ? this.chosen : this.known[0]!;
  }

  choose(direction: TranslationDirection): void {
    if (direction === this.direction) return;
    this.chosen = direction;
    this.onChosen();
  }
}
