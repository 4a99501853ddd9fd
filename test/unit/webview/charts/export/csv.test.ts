import { expect, test } from "vitest";
import { StepColumns } from "../../../../../extension/protocol/stepColumns";
import { stepLines } from "../../../../webview/support/runs";
import { csvField, metricsCsv } from "../../../../../webview/charts/export/csv";

const [example] = stepLines(1, 1);
const common = {
  ...example!,
  epoch: 3,
  learningRate: 0.0002,
  bytes: { ...example!.bytes, live: 2 ** 40 + 1, peak: 2 ** 41 },
  residentBytes: 7,
};

test("has a row a step, times as ISO 8601, bytes whole, numbers as short as they are exact, and nothing where a loss is missing", () => {
  const steps = new StepColumns();
  steps.append({
    ...common,
    step: 1,
    seconds: 0.1,
    time: "2026-01-02T03:04:05.678Z",
    losses: { G_A: 0.3, cycle_A: 1e-12 },
  });
  steps.append({ ...common, step: 2, seconds: 0.25, time: "2026-01-02T03:04:06.000Z", losses: { G_A: 12 } });
  expect(metricsCsv(steps)).toBe(
    "step,epoch,time,seconds,learningRate,live,peak,resident,G_A,cycle_A\r\n" +
      "1,3,2026-01-02T03:04:05.678Z,0.1,0.0002,1099511627777,2199023255552,7,0.3,1e-12\r\n" +
      "2,3,2026-01-02T03:04:06.000Z,0.25,0.0002,1099511627777,2199023255552,7,12,\r\n",
  );
});

test("every written number gives the very number of the data again", () => {
  const steps = new StepColumns();
  const losses = Array.from({ length: 300 }, (_, index) => Math.sin(index + 1) * 10 ** ((index % 30) - 15));
  losses.forEach((G_A, index) =>
    steps.append({ ...common, step: index + 1, seconds: 1, time: "2026-01-02T03:04:05Z", losses: { G_A } }),
  );
  const rows = metricsCsv(steps).trimEnd().split("\r\n").slice(1);
  expect(rows.map((row) => Math.fround(Number(row.split(",").at(-1))))).toEqual(losses.map(Math.fround));
});

test.each([
  ["plain", "plain"],
  ["a,b", '"a,b"'],
  ['say "a"', '"say ""a"""'],
  ["two\r\nlines", '"two\r\nlines"'],
])("a name that separates is quoted: %j", (name, field) => {
  expect(csvField(name)).toBe(field);
});
