import { validationProgress } from "../../extension/comparison/bestValidation";
import type { TranslationDirection, ValidationLine } from "../../extension/protocol/lines";
import { stepText } from "../charts/plot/numbers";
import { h } from "../ui/element";
import { locale, t } from "../ui/text";
import { figureOf } from "../../extension/comparison/quality";

/** The number of newest validations that have a row. The best validation has one in any case. */
const mostRows = 200;

/** The possible columns: metric, heading, and number of decimals. */
const figures = [
  ["mae", () => t("Error"), 2],
  ["psnr", () => t("PSNR (dB)"), 2],
  ["ssim", () => t("SSIM"), 3],
  ["constantMae", () => t("Plain colour"), 2],
  ["slicedWasserstein", () => t("Distance"), 4],
  ["slicedWassersteinUntranslated", () => t("Untranslated"), 4],
] as const;

/** The validations of a direction, newest first; columns without any figure are left out. */
export function validationTable(lines: readonly ValidationLine[], direction: TranslationDirection): HTMLElement {
  const { best } = validationProgress(lines);
  const shown = lines.filter(({ step }, i) => i >= lines.length - mostRows || step === best?.step).reverse();
  const columns = figures.filter(([name]) => shown.some((line) => figureOf(line, direction, name) !== null));
  const head = h(
    "tr",
    {},
    h("th", { scope: "col" }, t("Step")),
    ...columns.map(([, title]) => h("th", { scope: "col" }, title())),
  );
  const rows = shown.map((line) =>
    h(
      "tr",
      { class: line.step === best?.step ? "validation-best" : "" },
      h("th", { scope: "row" }, line.step === best?.step ? t("{0} (best)", stepText(line.step)) : stepText(line.step)),
      ...columns.map(([name, , digits]) => h("td", {}, figureText(figureOf(line, direction, name), digits))),
    ),
  );
  return h("table", {}, h("thead", {}, head), h("tbody", {}, ...rows));
}

function figureText(value: number | null, digits: number): string {
  if (value === null) return "–";
  return value.toLocaleString(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
