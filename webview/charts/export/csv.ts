import type { StepColumns } from "../../../extension/protocol/stepColumns";
import type { Numbers } from "../../../extension/charts/search";

/** The columns between step, epoch and time, which come first, and the losses, which come last. */
const otherColumns = ["seconds", "learningRate", "live", "peak", "resident"];

/**
 * A run's metrics as CSV (RFC 4180): one row per step, times as ISO 8601, losses under their names. A missing value is an empty field.
 */
export function metricsCsv(steps: StepColumns): string {
  const time = steps.column("time");
  const written = (numbers: Numbers) => (row: number) => numberText(numbers, row);
  const columns: [name: string, text: (row: number) => string][] = [
    ["step", written(steps.column("step"))],
    ["epoch", written(steps.column("epoch"))],
    ["time", (row) => (Number.isFinite(time[row]) ? new Date(time[row]!).toISOString() : "")],
    ...otherColumns.map((name): [string, (row: number) => string] => [name, written(steps.column(name))]),
    ...steps.losses.map((name): [string, (row: number) => string] => [name, written(steps.loss(name))]),
  ];
  const lines = [columns.map(([name]) => csvField(name)).join(",")];
  for (let row = 0; row < steps.length; row++) lines.push(columns.map(([, text]) => text(row)).join(","));
  return lines.join("\r\n") + "\r\n";
}

/** Quotes a field that contains a separator. */
export function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The shortest text that parses to the same number, in the column's precision. */
function numberText(numbers: Numbers, row: number): string {
  const value = numbers[row];
  if (value === undefined || !Number.isFinite(value)) return "";
  if (numbers instanceof Float64Array || Number.isInteger(value)) return String(value);
  for (let digits = 7; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}
