import type { RunSummary } from "../../extension/protocol/panel";
import { h, setText } from "../ui/element";
import { icon, setIcon } from "../ui/icons";
import { stateLabel } from "./runText";

/** A run's state as icon and text. */
export class RunState {
  private readonly picture = icon("circle");
  private readonly text = h("span");
  readonly element = h("span", { class: "state" }, this.picture, this.text);

  /** @param pending the text of an action that the host has not carried out yet; null shows the state */
  update({ state }: RunSummary, pending: string | null): void {
    const { word, icon: name } = stateLabel(state);
    setIcon(this.picture, pending === null ? name : "busy");
    setText(this.text, pending ?? word);
    this.element.dataset.state = pending === null ? state : "asked";
  }

  get word(): string {
    return this.text.textContent;
  }
}
