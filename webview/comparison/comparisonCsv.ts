import { figureOf, judgedBy } from "../../extension/comparison/figures";
import { csvField } from "../charts/export/csv";
import { type ComparedRun, linesOf } from "./comparedRuns";

/** The comparison as CSV (RFC 4180): one row per run, empty fields for unknown figures; the MAE from A to B is `AtoB.mae`. */
export function comparisonCsv(entries: readonly ComparedRun[]): string {
  const quality = judgedBy(linesOf(entries)).qualities;
  const head = [
    "run",
    "folder",
    "kind",
    "parameters",
    "peakBytes",
    "secondsPerStep",
    "steps",
    "judged",
    ...quality.map(({ direction, measure }) => `${direction}.${measure}`),
  ];
  const rows = entries.flatMap(({ name, id, line }) => {
    if (line === null) return [];
    const figures = [
      line.parameters,
      line.peakBytes,
      line.secondsPerStep,
      line.steps,
      line.judged?.by,
      ...quality.map((each) => figureOf(line, each)),
    ];
    return [[name, id, line.kind, ...figures.map((figure) => String(figure ?? ""))]];
  });
  return [head, ...rows].map((row) => `${row.map(csvField).join(",")}\r\n`).join("");
}
