import type { RunSummary } from "../../extension/protocol/panel";
import { h, setText } from "../ui/element";
import { icon, setIcon } from "../ui/icons";
import { stateWord } from "./words";

/** A run's state: an icon and its word, so that neither colour nor shape is needed to tell. */
export class RunState {
  private readonly picture = icon("circle");
  private readonly text = h("span");
  readonly element = h("span", { class: "state" }, this.picture, this.text);

  /** @param asked what the run is doing because it was asked to, where it did not say so yet */
  update({ state }: RunSummary, asked: string | null): void {
    const { word, icon: name } = stateWord(state);
    setIcon(this.picture, asked === null ? name : "busy");
    setText(this.text, asked ?? word);
    this.element.dataset.state = asked === null ? state : "asked";
  }

  get word(): string {
    return this.text.textContent;
  }
}
