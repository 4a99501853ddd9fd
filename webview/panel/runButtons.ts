import type { PanelAction, RunSummary } from "../../extension/protocol/panel";
import { button, setDisabled } from "../ui/button";
import { h } from "../ui/element";
import type { PendingActions } from "./pendingActions";
import { actionLabel, pendingWord } from "./runText";

/** Which buttons look other than the default: a secondary button with text. */
export interface ButtonLooks {
  /** The first of these actions that is possible gets the emphasised button. */
  readonly primary?: readonly PanelAction[];
  /** Actions whose buttons show only an icon. */
  readonly icons?: readonly PanelAction[];
}

/** Buttons for actions. Those that are not possible now are hidden; the order is fixed. */
export class RunButtons {
  readonly element = h("div", { class: "buttons", role: "group" });
  private readonly buttons = new Map<PanelAction, HTMLElement>();
  private readonly primary: readonly PanelAction[];
  private run: RunSummary | null = null;

  constructor(
    private readonly pending: PendingActions,
    label: string,
    offered: readonly PanelAction[],
    { primary = [], icons = [] }: ButtonLooks,
  ) {
    this.primary = primary;
    this.element.setAttribute("aria-label", label);
    for (const action of offered) {
      const words = actionLabel(action);
      if (words === null) continue;
      const element = button(words.word, {
        icon: words.icon,
        appearance: icons.includes(action) ? "icon" : "secondary",
        onPress: () => this.pending.request(action, this.run),
      });
      element.dataset.action = action;
      element.hidden = true;
      this.buttons.set(action, element);
      this.element.append(element);
    }
  }

  /** @param run the run to act on; null for actions that need none. @param actions that are possible now */
  update(run: RunSummary | null, actions: readonly PanelAction[]): void {
    this.run = run;
    const waiting = run !== null && this.pending.textOf(run) !== null;
    const focused = document.activeElement;
    for (const [action, element] of this.buttons) {
      element.hidden = !actions.includes(action);
      setDisabled(element, waiting && pendingWord(action) !== null);
    }
    const main = this.primary.find((action) => actions.includes(action));
    for (const action of this.primary)
      this.buttons.get(action)?.setAttribute("appearance", action === main ? "primary" : "secondary");
    this.element.hidden = [...this.buttons.values()].every(({ hidden }) => hidden);
    // When the focused button is hidden (Pause becomes Resume) the focus moves to the next one, not to the top of the page.
    if (focused instanceof HTMLElement && focused.hidden && this.element.contains(focused))
      [...this.buttons.values()].find(({ hidden }) => !hidden)?.focus();
  }
}
