import { directions, type TranslationDirection } from "../../extension/protocol/lines";
import { setText } from "../ui/element";
import { t } from "../ui/text";
import { setPressed, toggle, toggleGroup } from "../ui/toggle";
import type { DirectionChoice } from "./directionChoice";
import { directionLabel, type DomainNames } from "../state/domainNames";

/** Buttons that choose the translation direction; hidden for a network with only one direction. */
export class DirectionSwitch {
  private readonly toggles = directions.map((direction) => ({
    direction,
    pressed: toggle("", () => this.choice.choose(direction)),
  }));
  readonly element = toggleGroup(
    t("Direction"),
    this.toggles.map(({ pressed }) => pressed),
  );

  constructor(private readonly choice: DirectionChoice) {}

  /** @param known the directions that the network has */
  show(known: readonly TranslationDirection[], names: DomainNames): void {
    this.element.hidden = known.length < 2;
    for (const { direction, pressed } of this.toggles) {
      setText(pressed, directionLabel(direction, names));
      setPressed(pressed, direction === this.choice.direction);
    }
  }
}
