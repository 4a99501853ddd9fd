import type { RunSummary } from "../../extension/protocol/panel";
import { checkbox } from "../ui/checkbox";
import { h, setText } from "../ui/element";
import { t } from "../ui/text";
import { RunState } from "./runState";
import { dateText, progressText } from "./runText";

/** Callbacks of a row and its checkbox. */
export interface RowActions {
  readonly show: () => void;
  readonly compare: (ticked: boolean) => void;
}

/** A row of the list of runs. */
export class RunRow {
  private readonly name: HTMLElement;
  private readonly box: ReturnType<typeof checkbox>;
  private readonly state = new RunState();
  private readonly step = h("td", { class: "runs-step" });
  private readonly time = h("td", { class: "runs-time" });
  /** JSON of the last update's run, and of whether it was shown and comparable: an equal update renders nothing. */
  private rendered = "";
  private shown = false;
  readonly element: HTMLElement;

  constructor({ show, compare }: RowActions) {
    this.name = h("button", { type: "button", class: "runs-show" });
    this.box = checkbox("", t("Compare"), compare);
    const compareCell = h("td", { class: "runs-compare" }, this.box.element);
    // The whole row can be clicked. The button makes it reachable by keyboard; its clicks bubble up to the row.
    const onClick = ({ target }: Event): void => {
      if (!this.shown && target instanceof Node && !compareCell.contains(target)) show();
    };
    this.element = h(
      "tr",
      { onClick },
      compareCell,
      h("th", { scope: "row", class: "runs-name" }, this.name),
      h("td", { class: "runs-state" }, this.state.element),
      this.step,
      this.time,
    );
  }

  /** @param comparable whether another run is shown, which this one could be compared with */
  update(run: RunSummary, shown: boolean, ticked: boolean, comparable: boolean): void {
    this.box.set(ticked && !shown);
    // The host sends all runs up to ten times a second, and most have not changed.
    const rendered = JSON.stringify([run, shown, comparable]);
    if (rendered === this.rendered) return;
    this.rendered = rendered;
    this.shown = shown;
    setText(this.name, run.name);
    this.name.title = run.name;
    if (shown) this.name.setAttribute("aria-current", "true");
    else this.name.removeAttribute("aria-current");
    this.element.classList.toggle("runs-shown", shown);
    this.element.classList.toggle("runs-member", run.group !== null);
    this.box.name(t("Compare {0}", run.name));
    this.box.element.hidden = shown || !comparable;
    this.state.update(run, null);
    setText(this.step, progressText(run.step, run.lastStep));
    setText(this.time, dateText(run.updatedAt));
  }
}
