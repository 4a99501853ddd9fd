import { seedOf } from "../../extension/comparison/settings";
import { h } from "../ui/element";
import { opener, setExpanded } from "../ui/opener";
import { t } from "../ui/text";
import type { ComparedRun } from "./comparedRuns";
import type { ComparisonRow, ComparisonRows, ReadRun } from "./comparisonRows";
import { runsText } from "./comparisonText";
import type { DrawnRow } from "./drawing";
import { inlineSign } from "./signs";
import { type Column, columnsOf, headOf, type ShownRuns } from "./tableColumns";

/** The comparison as a table: settings, qualities in each direction and costs of each row. A row of several runs can be expanded. */
export class ComparisonTable {
  private readonly table = h("table", { class: "comparison-table" });
  private readonly rows = new Map<string, HTMLElement>();
  /** The ids of the rows that are expanded. */
  private readonly opened = new Set<string>();

  /** The table in a region that scrolls if the table is wider; focusable, so that the keyboard can scroll it. */
  readonly element = h(
    "div",
    { class: "comparison-scroll", role: "region", tabindex: 0, "aria-label": t("Compared runs") },
    this.table,
  );

  /** @param evaluate called with the id of a run that the user wants to evaluate on its test pictures */
  constructor(private readonly evaluate: (run: string) => void) {}

  show(compared: ComparisonRows, drawn: ReadonlyMap<ComparisonRow, DrawnRow>): void {
    const columns = columnsOf(compared, this.evaluate);
    this.rows.clear();
    const rows = compared.rows.flatMap((row) => this.rowsOf(row, drawn.get(row)!, columns));
    const damaged = compared.damaged.map((run) => damagedRow(run, columns.length));
    this.table.replaceChildren(headOf(columns), h("tbody", {}, ...rows, ...damaged));
  }

  /** Highlights the row that is selected in the charts. @param id the row's id; null for none */
  mark(id: string | null): void {
    for (const [each, row] of this.rows) row.classList.toggle("comparison-looked", each === id);
  }

  /** The table row of a comparison's row, and below it one table row for each run if there are several. */
  private rowsOf({ id, number, runs }: ComparisonRow, { sign }: DrawnRow, columns: readonly Column[]): HTMLElement[] {
    const names = memberNames(runs);
    const members = runs.length === 1 ? [] : runs.map((run, i) => memberRow(run, names[i]!, columns));
    const name = members.length === 0 ? runs[0].name : this.opener(id, members);
    const head = h(
      "th",
      { scope: "row", title: members.length === 0 ? id : null },
      h(
        "span",
        { class: "comparison-run" },
        inlineSign(sign),
        h("span", { class: "comparison-number" }, String(number)),
        name,
      ),
    );
    const row = h("tr", {}, head, ...cellsOf({ runs, isCompared: true }, columns));
    this.rows.set(id, row);
    return [row, ...members];
  }

  private opener(id: string, members: readonly HTMLElement[]): HTMLElement {
    const isOpen = (): boolean => this.opened.has(id);
    const show = (): void => {
      setExpanded(button, isOpen());
      for (const member of members) member.hidden = !isOpen();
    };
    const onPress = (): void => {
      if (isOpen()) this.opened.delete(id);
      else this.opened.add(id);
      show();
    };
    const button = opener(runsText(members.length), onPress);
    show();
    return button;
  }
}

/** The table row of one of several runs. @param name the run's seed or name, see {@link memberNames} */
function memberRow(run: ReadRun, name: string, columns: readonly Column[]): HTMLElement {
  return h(
    "tr",
    { class: "comparison-member" },
    h("th", { scope: "row", title: run.id }, h("span", { class: "comparison-run" }, name)),
    ...cellsOf({ runs: [run], isCompared: false }, columns),
  );
}

/** Names for the runs of one row: their seeds, or if two seeds are equal the runs' names. */
function memberNames(runs: readonly ReadRun[]): string[] {
  const seeds = runs.map(({ line }) => seedOf(line));
  return new Set(seeds).size === runs.length
    ? seeds.map((seed) => t("Seed {0}", String(seed)))
    : runs.map(({ name }) => name);
}

function cellsOf(row: ShownRuns, columns: readonly Column[]): HTMLElement[] {
  return columns.map(({ look, cell }) => {
    const { content, value, isBest = false } = cell(row);
    const element = h("td", { class: look, "data-figure": value ?? null }, ...content);
    element.classList.toggle("comparison-best", isBest);
    return element;
  });
}

/** The table row of a run whose folder cannot be read. @param columns number of columns after the name */
function damagedRow({ id, name, problem }: ComparedRun, columns: number): HTMLElement {
  return h(
    "tr",
    {},
    h("th", { scope: "row", title: id }, h("span", { class: "comparison-run" }, inlineSign(null), name)),
    h("td", { class: "comparison-word comparison-problem", colspan: columns }, problem ?? ""),
  );
}
