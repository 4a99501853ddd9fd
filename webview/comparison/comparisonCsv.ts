import { costs, figureOf, judgedBy } from "../../extension/comparison/figures";
import { seedOf } from "../../extension/comparison/settings";
import { csvField } from "../charts/export/csv";
import type { ComparisonRows } from "./comparisonRows";

/**
 * The comparison as CSV (RFC 4180): one row per run, in the order of the table. Unknown figures are empty fields. The column of a quality
 * is named like `AtoB.mae`, and that of a setting in which the runs differ by its key.
 */
export function comparisonCsv({ settings, rows, lines }: ComparisonRows): string {
  const { qualities } = judgedBy(lines);
  const keys = settings.map(({ key }) => key).filter((key) => key !== "network.kind");
  const hasSeeds = new Set(lines.map(seedOf)).size > 1;
  const head = [
    "run",
    "folder",
    "kind",
    ...keys,
    ...(hasSeeds ? ["training.seed"] : []),
    ...costs,
    "steps",
    "judged",
    ...qualities.map(({ direction, measure }) => `${direction}.${measure}`),
  ];
  const records = rows
    .flatMap(({ runs }) => runs)
    .map(({ name, id, line }) => [
      name,
      id,
      line.kind,
      ...keys.map((key) => settingField(line.settings?.[key])),
      ...(hasSeeds ? [seedOf(line)] : []),
      ...costs.map((cost) => line[cost]),
      line.steps,
      line.judged?.by,
      ...qualities.map((quality) => figureOf(line, quality)),
    ]);
  return [head, ...records].map((row) => `${row.map((field) => csvField(String(field ?? ""))).join(",")}\r\n`).join("");
}

/** A setting's value for CSV: texts and numbers as in the configuration file, lists, objects and booleans as JSON. */
function settingField(value: unknown): string | number | null {
  return typeof value === "string" || typeof value === "number" ? value : value == null ? null : JSON.stringify(value);
}
