import { groupedRuns, type RunGroup } from "../../extension/comparison/groupedRuns";
import { mostCompared, type RunSummary } from "../../extension/protocol/panel";
import type { Host } from "../host/host";
import type { PanelState } from "../state/panelState";
import { h } from "../ui/element";
import type { Section } from "../ui/section";
import { t } from "../ui/text";
import { RunGroupRow } from "./runGroupRow";
import { RunRow } from "./runRow";

/**
 * The list of runs. One run is shown; those whose checkboxes are ticked are compared with it. Runs of one folder are listed below a row
 * for the folder, which can be expanded and whose checkbox compares all of them.
 */
export class RunsTable implements Section {
  private readonly body = h("tbody");
  private readonly rows = new Map<string, RunRow>();
  private readonly groups = new Map<string, RunGroupRow>();
  /** The folders whose runs are visible. */
  private readonly opened = new Set<string>();
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
    // Answers to the page's own requests do not set the checkboxes, because they may arrive after the user's next click.
    if (view !== this.view) this.ticked = new Set(preset);
    const id = shown?.run.id ?? null;
    if (shown?.run.group != null && id !== this.shown) this.opened.add(shown.run.group);
    [this.view, this.shown] = [view, id];
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
    for (const [folder, row] of this.groups) {
      if (runs.some(({ group }) => group === folder)) continue;
      row.element.remove();
      this.groups.delete(folder);
    }
    const rows = groupedRuns(runs).flatMap((entry) =>
      "folder" in entry
        ? [this.groupRow(entry.folder), ...entry.runs.map(({ id }) => this.runRow(id))]
        : [this.runRow(entry.id)],
    );
    rows.forEach(({ element }, index) => {
      // Moving an element removes the focus from it, so only misplaced rows are moved.
      const there = this.body.children.item(index);
      if (there !== element) this.body.insertBefore(element, there);
    });
  }

  private runRow(id: string): RunRow {
    const row =
      this.rows.get(id) ??
      new RunRow({
        show: () => this.host.post({ type: "show", run: id }),
        compare: (ticked) => this.compare([id], ticked),
      });
    this.rows.set(id, row);
    return row;
  }

  private groupRow(folder: string): RunGroupRow {
    const row =
      this.groups.get(folder) ??
      new RunGroupRow({
        open: () => this.open(folder),
        compare: (ticked) => this.compare(this.comparableOf(folder), ticked),
      });
    this.groups.set(folder, row);
    return row;
  }

  private showAll(): void {
    for (const entry of groupedRuns(this.runs)) {
      if ("folder" in entry) this.showGroup(entry);
      else this.showRun(entry);
    }
  }

  private showGroup(group: RunGroup<RunSummary>): void {
    const isOpen = this.opened.has(group.folder);
    this.groups.get(group.folder)?.update(group, isOpen, this.comparableOf(group.folder), this.ticked);
    for (const run of group.runs) {
      this.showRun(run);
      this.rows.get(run.id)!.element.hidden = !isOpen;
    }
  }

  private showRun(run: RunSummary): void {
    this.rows.get(run.id)?.update(run, run.id === this.shown, this.ticked.has(run.id), this.shown !== null);
  }

  private open(folder: string): void {
    if (!this.opened.delete(folder)) this.opened.add(folder);
    this.showAll();
  }

  /** The ids of a folder's runs that the shown run can be compared with: all but the shown run itself; none while no run is shown. */
  private comparableOf(folder: string): string[] {
    if (this.shown === null) return [];
    return this.runs.filter(({ id, group }) => group === folder && id !== this.shown).map(({ id }) => id);
  }

  private compare(ids: readonly string[], ticked: boolean): void {
    for (const id of ids) {
      if (!ticked) this.ticked.delete(id);
      else if (this.ticked.size < mostCompared) this.ticked.add(id);
    }
    this.host.post({ type: "compare", runs: [...this.ticked] });
    this.showAll();
  }
}
