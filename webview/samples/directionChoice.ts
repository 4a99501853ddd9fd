import type { TranslationDirection } from "../../extension/protocol/lines";

/** The direction that pictures and quality are shown of. */
export class DirectionChoice {
  private chosen: TranslationDirection = "AtoB";
  private known: readonly TranslationDirection[] = ["AtoB"];

  /** @param onChosen called when the user has chosen another one */
  constructor(private readonly onChosen: () => void) {}

  /** Sets the directions that the run's network has; at least one. */
  setKnown(known: readonly TranslationDirection[]): void {
    this.known = known;
  }

  /** The chosen one where the network has it, else its only one. */
  get direction(): TranslationDirection {
    return this.known.includes(this.chosen) ? this.chosen : this.known[0]!;
  }

  choose(direction: TranslationDirection): void {
    if (direction === this.direction) return;
    this.chosen = direction;
    this.onChosen();
  }
}
