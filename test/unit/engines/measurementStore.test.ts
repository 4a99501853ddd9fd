import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { workKinds } from "../../../extension/trainer/kernels/work";
import { type Rates, ratesSchema } from "../../../extension/trainer/planning/rates";
import { MeasurementStore } from "../../../extension/trainer/engines/measurementStore";

const folder = mkdtempSync(join(tmpdir(), "revgan-rates-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function ratesWith(convolutionCall: number): Rates {
  const points = Object.fromEntries(workKinds.map((kind) => [kind, [[1, 2]]])) as unknown as Rates["points"];
  return { convolutionCall, points, inStep: [[1, 2]], idleBytes: 3, startSeconds: 4 };
}

it("gives back the rates of a key, of several the ones written last", async () => {
  const store = new MeasurementStore<Rates>(join(folder, "new", "rates.json"), ratesSchema);
  expect(await store.read("native")).toBeUndefined();
  await store.write("native", ratesWith(1), false);
  await store.write("wasm", ratesWith(2), false);
  await store.write("native", ratesWith(3), false);
  expect(await store.read("native")).toEqual(ratesWith(3));
  expect(await store.read("wasm")).toEqual(ratesWith(2));
});

it("forgets them after a week", async () => {
  let now = 0;
  const store = new MeasurementStore<Rates>(join(folder, "old.json"), ratesSchema, () => now);
  await store.write("native", ratesWith(1), false);
  now = 6 * 86_400_000;
  expect(await store.read("native")).toEqual(ratesWith(1));
  now = 8 * 86_400_000;
  expect(await store.read("native")).toBeUndefined();
});

it("forgets those of a busy machine after an hour", async () => {
  let now = 0;
  const store = new MeasurementStore<Rates>(join(folder, "busy.json"), ratesSchema, () => now);
  await store.write("native", ratesWith(1), true);
  now = 0.9 * 3_600_000;
  expect(await store.read("native")).toEqual(ratesWith(1));
  now = 1.1 * 3_600_000;
  expect(await store.read("native")).toBeUndefined();
});

it.each([
  ["a damaged file", "{"],
  ["another format", '{"format": 1, "entries": []}'],
  [
    "rates that are no numbers",
    JSON.stringify({
      format: 2,
      entries: [{ key: "native", measuredAt: Date.now(), wasBusy: false, value: { convolutionCall: "fast" } }],
    }),
  ],
])("passes over %s, and replaces it", async (_, text) => {
  const file = join(folder, "damaged.json");
  writeFileSync(file, text);
  const store = new MeasurementStore<Rates>(file, ratesSchema);
  expect(await store.read("native")).toBeUndefined();
  await store.write("native", ratesWith(1), false);
  expect(await store.read("native")).toEqual(ratesWith(1));
});

it("does without a folder that cannot be written", async () => {
  writeFileSync(join(folder, "file"), "");
  const store = new MeasurementStore<Rates>(join(folder, "file", "rates.json"), ratesSchema);
  await store.write("native", ratesWith(1), false);
  expect(await store.read("native")).toBeUndefined();
});
