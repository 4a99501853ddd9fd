import { expect, test } from "vitest";
import { fromJson, toJson } from "../../../extension/protocol/binaryJson";
import { StepColumns } from "../../../extension/protocol/stepColumns";
import { memoryParts } from "../../../extension/protocol/memoryParts";
import type { StepLine } from "../../../extension/protocol/lines";

const line = (step: number, losses: Record<string, number>): StepLine => ({
  type: "step",
  step,
  epoch: 1,
  losses,
  seconds: 0.5,
  learningRate: 0.0002,
  bytes: {
    live: 2 ** 40 + step,
    peak: 2 ** 41 + step,
    peakByPart: Object.fromEntries(memoryParts.map((part) => [part, 1])) as StepLine["bytes"]["peakByPart"],
  },
  residentBytes: 3,
  time: "2026-01-02T03:04:05.678Z",
});

test("keeps every figure of a step, bytes to the byte", () => {
  const columns = new StepColumns();
  columns.append(line(1, { G_A: 0.25 }));
  expect([...columns.column("live")]).toEqual([2 ** 40 + 1]);
  expect([...columns.column("time")]).toEqual([Date.UTC(2026, 0, 2, 3, 4, 5, 678)]);
  expect([...columns.loss("G_A")]).toEqual([0.25]);
  expect(columns.losses).toEqual(["G_A"]);
});

test("a loss that comes or goes later is not a number where it was not there", () => {
  const columns = new StepColumns();
  columns.append(line(1, { G_A: 1 }));
  columns.append(line(2, { D_A: 2 }));
  expect([...columns.loss("G_A")]).toEqual([1, NaN]);
  expect([...columns.loss("D_A")]).toEqual([NaN, 2]);
});

test("goes through JSON and back, whole or from a place on", () => {
  const columns = new StepColumns();
  for (let step = 1; step <= 1000; step++) columns.append(line(step, { G_A: step / 8 }));
  const there = new StepColumns();
  there.extend(fromJson(toJson(columns.encode())) as ReturnType<StepColumns["encode"]>);
  expect(there.length).toBe(1000);
  columns.append(line(1001, { G_A: 0.125 }));
  there.extend(columns.encode(1000));
  expect([...there.loss("G_A")]).toEqual([...columns.loss("G_A")]);
  expect([...there.column("peak")]).toEqual([...columns.column("peak")]);
});

test("forgets what comes after a checkpoint", () => {
  const columns = new StepColumns();
  for (let step = 1; step <= 10; step++) columns.append(line(step, { G_A: step }));
  columns.cutAfter(7);
  columns.append(line(8, {}));
  expect([...columns.column("step")]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(columns.loss("G_A")[7]).toBeNaN();
});

test("sends one number for a column that has no other, and holes as they are", () => {
  const columns = new StepColumns();
  for (const losses of [{ G_A: 1 }, {}, { G_A: 1 }]) columns.append(line(columns.length + 1, losses));
  const sent = columns.encode();
  expect(sent.columns["seconds"]).toBe(0.5);
  expect(sent.columns["loss.G_A"]).toEqual(Float32Array.of(1, NaN, 1));
  const there = new StepColumns();
  there.extend(sent);
  expect([...there.column("seconds")]).toEqual([0.5, 0.5, 0.5]);
  expect([...there.loss("G_A")]).toEqual([1, NaN, 1]);
});

test("sends 32 bits where they hold a column, and 64 where they do not", () => {
  const columns = new StepColumns();
  for (const step of [1, 2]) columns.append(line(step, {}));
  const { columns: sent } = columns.encode();
  expect(sent["step"]).toEqual(Float32Array.of(1, 2));
  expect(sent["live"]).toEqual(Float64Array.of(2 ** 40 + 1, 2 ** 40 + 2));
});

test("refuses columns that are not as long as they say", () => {
  const columns = new StepColumns();
  columns.append(line(1, {}));
  columns.append(line(2, {}));
  const { columns: sent } = columns.encode();
  expect(() => new StepColumns().extend({ length: 3, columns: sent })).toThrow(/has 2 numbers, not 3/);
});
