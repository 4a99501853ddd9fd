import type { RunSummary } from "../../extension/protocol/panel";
import type { Host } from "../host/host";
import type { PanelState } from "../state/panelState";
import { h } from "../ui/element";
import type { Section } from "../ui/section";
import { t } from "../ui/text";
import { RunRow } from "./runRow";

/** The list of runs: one is shown, checked ones are compared with it. */
export class RunsTable implements Section {
  private readonly body = h("tbody");
  private readonly rows = new Map<string, RunRow>();
  private runs: readonly RunSummary[] = [];
  private ticked = new Set<string>();
  private view = 0;
  private shown: string | null = null;
  readonly element: HTMLElement;

  constructor(private readonly host: Host) {
    const column = (name: string, hint: string) => h("th", { scope: "col", class: `runs-${name}` }, hint);
    const head = h(
      "tr",
      {},
      column("compare", t("Compare")),
      column("name", t("Run")),
      column("state", t("State")),
      column("step", t("Step")),
      column("time", t("Last news")),
    );
    this.element = h(
      "section",
      { class: "runs", "aria-labelledby": "runs-title" },
      h("h2", { id: "runs-title" }, t("Runs")),
      h("table", {}, h("thead", {}, head), this.body),
    );
  }

  update({ runs, shown, view, preset }: PanelState): void {
    if (runs === this.runs && view === this.view) return;
    // Checkboxes are not set from the host's answers, which may arrive after the user's next click.
    if (view !== this.view) this.ticked = new Set(preset);
    [this.view, this.shown] = [view, shown?.run.id ?? null];
    this.element.hidden = runs.length === 0;
    if (runs !== this.runs) this.arrange(runs);
    this.showAll();
  }

  private arrange(runs: readonly RunSummary[]): void {
    this.runs = runs;
    for (const [id, row] of this.rows) {
      if (runs.some((run) => run.id === id)) continue;
      row.element.remove();
      this.rows.delete(id);
      this.ticked.delete(id);
    }
    runs.forEach(({ id }, index) => {
      let row = this.rows.get(id);
      if (row === undefined) {
        row = new RunRow({
          show: () => this.host.post({ type: "show", run: id }),
          compare: (with_) => this.compare(id, with_),
        });
        this.rows.set(id, row);
      }
      // Moving an element removes the focus from it, so only misplaced rows are moved.
      const there = this.body.children.item(index);
      if (there !== row.element) this.body.insertBefore(row.element, there);
    });
  }

  private showAll(): void {
    for (const run of this.runs)
      this.rows.get(run.id)?.update(run, run.id === this.shown, this.ticked.has(run.id), this.shown !== null);
  }

  private compare(id: string, ticked: boolean): void {
    if (ticked) this.ticked.add(id);
    else this.ticked.delete(id);
    this.host.post({ type: "compare", runs: [...this.ticked] });
  }
}
