import type { Cost } from "../../extension/comparison/figures";
import { type Measure, measureNames } from "../../extension/comparison/measures";
import type { DifferingSetting } from "../../extension/comparison/settings";
import { directions } from "../../extension/protocol/lines";
import { h } from "../ui/element";
import { t } from "../ui/text";
import { setPressed, toggle, toggleGroup } from "../ui/toggle";
import { againstCosts, type ChartChoice, chartedCosts, type WantedChart } from "./chartChoice";
import { costTitle, directionTitle, measureTitle } from "./comparisonText";

/** The buttons that choose what the charts show. */
export class ChartTools {
  private readonly measures: readonly { readonly measure: Measure | Cost; readonly pressed: HTMLElement }[];
  private readonly directions = directions.map((direction) => ({
    direction,
    pressed: toggle(directionTitle(direction), () => this.choose({ direction })),
  }));
  private readonly against = new SettingToggles(t("Against"), (against) => this.choose({ against }));
  private readonly series = new SettingToggles(t("A line for each"), (series) => this.choose({ series }));
  readonly element: HTMLElement;

  /** @param choose called with the part of the choice that the user has changed */
  constructor(private readonly choose: (part: Partial<WantedChart>) => void) {
    this.measures = [
      ...measureNames.map((measure) => ({ measure, title: measureTitle(measure) })),
      ...chartedCosts.map((measure) => ({ measure, title: costTitle(measure) })),
    ].map(({ measure, title }) => ({ measure, pressed: toggle(title, () => choose({ measure })) }));
    const groups = [
      toggleGroup(
        t("Measure"),
        this.measures.map(({ pressed }) => pressed),
      ),
      toggleGroup(
        t("Direction"),
        this.directions.map(({ pressed }) => pressed),
      ),
    ];
    this.element = h("div", { class: "comparison-tools" }, ...groups, this.against.element, this.series.element);
  }

  show({ measures, directions: offered, against, series, figure, setting, chosenSeries }: ChartChoice): void {
    const quality = figure !== null && typeof figure !== "string" ? figure : null;
    for (const { measure, pressed } of this.measures) {
      pressed.hidden = !measures.includes(measure);
      setPressed(pressed, (quality?.measure ?? figure) === measure);
    }
    for (const { direction, pressed } of this.directions) {
      pressed.hidden = offered.length < 2 || !offered.includes(direction);
      setPressed(pressed, quality?.direction === direction);
    }
    const costs = { key: againstCosts, name: t("Costs") };
    this.against.show(against.length === 0 ? [] : [...against, costs], setting?.key ?? againstCosts);
    // With two settings there is no choice of lines: one setting is the x axis, and the other has the lines. "Against" exchanges them.
    this.series.show(setting === null || series.length < 2 ? [] : series, chosenSeries?.key ?? null);
  }
}

/** Buttons that choose one of the settings. The settings change with the compared runs. */
class SettingToggles {
  private readonly group: HTMLElement;
  readonly element: HTMLElement;
  /** The keys of the buttons as JSON. Buttons are made anew only when the keys change, so that the focus is kept. */
  private shown = "";
  private buttons: readonly { readonly key: string; readonly pressed: HTMLElement }[] = [];

  constructor(
    name: string,
    private readonly choose: (key: string) => void,
  ) {
    this.group = toggleGroup(name, []);
    this.element = h("div", { class: "comparison-choice", hidden: true }, h("span", {}, name), this.group);
  }

  show(settings: readonly Pick<DifferingSetting, "key" | "name">[], chosen: string | null): void {
    this.element.hidden = settings.length === 0;
    const shown = JSON.stringify(settings.map(({ key }) => key));
    if (shown !== this.shown) {
      this.shown = shown;
      this.buttons = settings.map(({ key, name }) => ({ key, pressed: toggle(name, () => this.choose(key)) }));
      this.group.replaceChildren(...this.buttons.map(({ pressed }) => pressed));
    }
    for (const { key, pressed } of this.buttons) setPressed(pressed, key === chosen);
  }
}
