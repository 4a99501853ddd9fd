import type { RunGroup } from "../../extension/comparison/groupedRuns";
import { mostCompared, type RunSummary } from "../../extension/protocol/panel";
import { checkbox } from "../ui/checkbox";
import { h, setText } from "../ui/element";
import { opener, setExpanded } from "../ui/opener";
import { t } from "../ui/text";
import { dateText, wholeNumber } from "./runText";

/** Callbacks of the row's button and checkbox. */
interface GroupActions {
  readonly open: () => void;
  readonly compare: (ticked: boolean) => void;
}

/** The table row of a folder of runs, above the rows of these runs. It expands and hides them, and its checkbox compares all of them. */
export class RunGroupRow {
  private readonly opener: HTMLElement;
  private readonly box: ReturnType<typeof checkbox>;
  private readonly state = h("td", { class: "runs-state" });
  private readonly time = h("td", { class: "runs-time" });
  readonly element: HTMLElement;

  constructor({ open, compare }: GroupActions) {
    this.opener = opener("", open);
    this.box = checkbox("", t("Compare"), compare);
    this.element = h(
      "tr",
      { class: "runs-group" },
      h("td", { class: "runs-compare" }, this.box.element),
      h("th", { scope: "row", class: "runs-name" }, this.opener),
      this.state,
      h("td", { class: "runs-step" }),
      this.time,
    );
  }

  /** @param comparable the ids of the folder's runs that the shown run can be compared with. @param ticked the ids of all compared runs */
  update(
    { name, folder, runs }: RunGroup<RunSummary>,
    isOpen: boolean,
    comparable: readonly string[],
    ticked: ReadonlySet<string>,
  ): void {
    setText(this.opener, name);
    this.opener.title = folder;
    setExpanded(this.opener, isOpen);
    this.box.name(t("Compare all runs of {0}", name));
    this.box.element.hidden = comparable.length === 0 || comparable.length > mostCompared;
    this.box.set(comparable.length > 0 && comparable.every((id) => ticked.has(id)));
    const finished = runs.filter(({ state }) => state === "finished").length;
    setText(this.state, t("{0} of {1} finished", wholeNumber(finished), wholeNumber(runs.length)));
    const latest = runs
      .map(({ updatedAt }) => updatedAt)
      .sort()
      .at(-1);
    setText(this.time, latest === undefined ? "" : dateText(latest));
  }
}
