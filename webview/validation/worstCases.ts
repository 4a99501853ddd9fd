import type { RunEvaluation } from "../../extension/protocol/panel";
import { h } from "../ui/element";
import { t } from "../ui/text";
import { metricFigures } from "./evaluationFigures";

type WorstCase = RunEvaluation["worst"][number];

/** A table of the worst cases with pictures, file and figures of each. @param open called to show the contact sheet at full size */
export function worstCasesTable(worst: readonly WorstCase[], sheet: string | null, open: () => void): HTMLElement {
  const columns = worst.reduce<WorstCase["columns"]>(
    (most, each) => (each.columns.length > most.length ? each.columns : most),
    [],
  );
  const names = metricFigures(rowMetrics(worst[0]!.metrics)).map(([name]) => name);
  const titles = h(
    "span",
    { class: "evaluation-titles" },
    ...columns.map((column) => h("span", {}, columnTitle(column))),
  );
  const head = h(
    "tr",
    {},
    sheet === null ? null : h("th", { scope: "col" }, titles),
    h("th", { scope: "col" }, t("File")),
    ...names.map((name) => h("th", { scope: "col", class: "evaluation-figure" }, name)),
  );
  const rows = worst.map(({ name, metrics }, at) => {
    const figures = new Map(metricFigures(metrics));
    return h(
      "tr",
      {},
      sheet === null ? null : h("td", { class: "evaluation-pictures" }, sheetRow(sheet, at, worst.length, name, open)),
      h("th", { scope: "row" }, name),
      ...names.map((each) => h("td", { class: "evaluation-figure" }, figures.get(each) ?? "–")),
    );
  });
  return h(
    "div",
    { class: "evaluation-scroll", role: "region", tabindex: 0, "aria-label": t("Worst cases") },
    h("table", {}, h("caption", {}, t("Worst cases")), h("thead", {}, head), h("tbody", {}, ...rows)),
  );
}

/** The metrics for which a row of the table has room. */
function rowMetrics({ mae, psnr, ssim, cycleMae }: WorstCase["metrics"]): WorstCase["metrics"] {
  return { mae: mae ?? null, psnr: psnr ?? null, ssim: ssim ?? null, cycleMae: cycleMae ?? null };
}

/** One row of the contact sheet. All rows are equally high, so the whole sheet is moved up behind a frame of one row's height. */
function sheetRow(sheet: string, at: number, rows: number, name: string, open: () => void): HTMLElement {
  const image = h("img", { alt: t("{0}: pictures", name), src: sheet, draggable: false });
  const button = h(
    "button",
    { type: "button", class: "samples-picture evaluation-row", title: t("Open at full size"), onClick: open },
    image,
  );
  image.addEventListener("load", () => {
    button.style.aspectRatio = `${image.naturalWidth} / ${image.naturalHeight / rows}`;
    image.style.transform = `translateY(${(-100 * at) / rows}%)`;
  });
  return button;
}

function columnTitle(column: WorstCase["columns"][number]): string {
  switch (column) {
    case "input":
      return t("Input");
    case "translated":
      return t("Translation");
    case "truth":
      return t("Truth");
    case "cycled":
      return t("Way back");
    case "difference":
      return t("Difference");
  }
}
