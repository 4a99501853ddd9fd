import type { RunSummary } from "../../extension/protocol/panel";
import { checkbox } from "../ui/checkbox";
import { h, setText } from "../ui/element";
import { locale } from "../ui/locale";
import { t } from "../ui/text";
import { RunState } from "./runState";
import { progressWords } from "./words";

/** What a row can be asked for. */
export interface RowActions {
  readonly show: () => void;
  readonly compare: (ticked: boolean) => void;
}

/** A run in the list. */
export class RunRow {
  private readonly name: HTMLElement;
  private readonly box: ReturnType<typeof checkbox>;
  private readonly state = new RunState();
  private readonly step = h("td", { class: "runs-step" });
  private readonly time = h("td", { class: "runs-time" });
  private shownAs = "";
  private shown = false;
  readonly element: HTMLElement;

  constructor({ show, compare }: RowActions) {
    this.name = h("button", { type: "button", class: "runs-show" });
    this.box = checkbox("", t("Compare"), compare);
    const compareCell = h("td", { class: "runs-compare" }, this.box.element);
    // The whole row is a place to click; its button is how the keyboard gets at it, and its clicks come by here too.
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

  /** @param comparable whether there is a run to compare this one with */
  update(run: RunSummary, shown: boolean, ticked: boolean, comparable: boolean): void {
    this.box.set(ticked && !shown);
    // Messages bring all runs anew, ten times a second; most are as they were.
    const as = [run.name, run.state, run.step, run.lastStep, run.updatedAt, shown, comparable].join();
    if (as === this.shownAs) return;
    this.shownAs = as;
    this.shown = shown;
    setText(this.name, run.name);
    this.name.title = run.name;
    if (shown) this.name.setAttribute("aria-current", "true");
    else this.name.removeAttribute("aria-current");
    this.element.classList.toggle("runs-shown", shown);
    this.box.name(t("Compare {0}", run.name));
    this.box.element.hidden = shown || !comparable;
    this.state.update(run, null);
    setText(this.step, progressWords(run.step, run.lastStep));
    setText(this.time, when(run.updatedAt));
  }
}

/** A time as people write it; empty where it is none. */
function when(iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? "" : time.toLocaleString(locale(), { dateStyle: "medium", timeStyle: "short" });
}
