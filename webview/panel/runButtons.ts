import type { PanelAction, RunSummary } from "../../extension/protocol/panel";
import { button, setRefusing } from "../ui/button";
import { h } from "../ui/element";
import type { Asked } from "./asked";
import { actionWord, askedWord } from "./words";

/** Buttons for what can be asked of a run: those that can work now are there, in a fixed order. */
export class RunButtons {
  readonly element = h("div", { class: "buttons", role: "group" });
  private readonly buttons = new Map<PanelAction, HTMLElement>();
  private run: RunSummary | null = null;

  /** @param primary those that stand out */
  constructor(
    private readonly asked: Asked,
    label: string,
    offered: readonly PanelAction[],
    primary: readonly PanelAction[] = [],
  ) {
    this.element.setAttribute("aria-label", label);
    for (const action of offered) {
      const words = actionWord(action);
      if (words === null) continue;
      const element = button(words.word, {
        icon: words.icon,
        appearance: primary.includes(action) ? "primary" : "secondary",
        onPress: () => this.asked.ask(action, this.run),
      });
      element.dataset.action = action;
      element.hidden = true;
      this.buttons.set(action, element);
      this.element.append(element);
    }
  }

  /** @param run whose buttons they are; null for what needs none */
  update(run: RunSummary | null, actions: readonly PanelAction[]): void {
    this.run = run;
    const waiting = run !== null && this.asked.wordOf(run) !== null;
    const focused = document.activeElement;
    for (const [action, element] of this.buttons) {
      element.hidden = !actions.includes(action);
      setRefusing(element, waiting && askedWord(action) !== null);
    }
    this.element.hidden = [...this.buttons.values()].every(({ hidden }) => hidden);
    // Who pressed Pause with the keyboard goes on from Resume, not from the top of the page.
    if (focused instanceof HTMLElement && focused.hidden && this.element.contains(focused))
      [...this.buttons.values()].find(({ hidden }) => !hidden)?.focus();
  }
}
