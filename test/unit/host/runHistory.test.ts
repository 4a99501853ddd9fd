import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { formatLine, type ValidationLine } from "../../../extension/protocol/lines";
import { RunHistory } from "../../../extension/host/runHistory";
import { stepLine } from "../runFolder/runOnDisk";
import { temporaryFolder } from "../runFolder/support";

let file: string;
let history: RunHistory;
let changes: number[];
let warnings: string[];

beforeEach(() => {
  const run = temporaryFolder();
  file = join(run, "metrics.jsonl");
  warnings = [];
  history = new RunHistory(run, (text) => warnings.push(text));
  changes = [];
  history.onChange(({ firstStep }) => changes.push(firstStep));
});

const lines = (...steps: number[]): string => steps.map((step) => formatLine(stepLine(step))).join("");
const steps = (): number[] => Array.from(history.steps.column("step"));
const validation = (step: number): ValidationLine => ({
  type: "validation",
  step,
  metrics: { AtoB: { mae: 1, psnr: null, ssim: 0.5 } },
});

// How damaged files are read is tested with every reader in runFolder/metrics.test.ts.
describe("the history of a run", () => {
  it("is what its file tells, read on from where it was", async () => {
    await history.refresh();
    expect(steps()).toEqual([]);
    writeFileSync(file, lines(1, 2));
    await history.refresh();
    expect(steps()).toEqual([1, 2]);
    appendFileSync(file, lines(3) + formatLine(validation(3)));
    await history.refresh();
    expect(steps()).toEqual([1, 2, 3]);
    expect(history.validations).toEqual([validation(3)]);
    expect(history.lastStepLine).toEqual(stepLine(3));
    expect(changes).toEqual([1, 3]);
  });

  it("shows no step of a long file before it has reported it", async () => {
    writeFileSync(file, lines(...Array.from({ length: 30_000 }, (_, i) => i + 1)));
    let reported = 0;
    history.onChange(() => (reported = history.steps.length));
    const progress: { isRead: boolean } = { isRead: false };
    const reading = history.refresh().then(() => (progress.isRead = true));
    while (!progress.isRead) {
      expect(history.steps.length).toBe(reported);
      await new Promise(setImmediate);
    }
    await reading;
    expect(reported).toBe(30_000);
  });

  it("has room for the losses that a training has, and not for a new one in every line", async () => {
    writeFileSync(
      file,
      Array.from({ length: 5000 }, (_, i) => formatLine({ ...stepLine(i + 1), losses: { G_A: i, [`x${i}`]: 1 } })).join(
        "",
      ),
    );
    await history.refresh();
    expect(history.steps.losses).toHaveLength(64);
    expect(history.steps.loss("G_A")[4999]).toBe(4999);
  });

  it("takes a line that is torn when the rest of it comes, also inside a letter", async () => {
    const line = Buffer.from(formatLine({ ...stepLine(2), losses: { "Verlust é": 2 } }));
    const middle = line.indexOf(Buffer.from("é")) + 1;
    writeFileSync(file, Buffer.concat([Buffer.from(lines(1)), line.subarray(0, middle)]));
    await history.refresh();
    expect(steps()).toEqual([1]);
    appendFileSync(file, line.subarray(middle));
    await history.refresh();
    expect(steps()).toEqual([1, 2]);
    expect(Array.from(history.steps.loss("Verlust é"))).toEqual([NaN, 2]);
    expect(warnings).toEqual([]);
  });

  it("warns of a damaged line when it comes, and not again", async () => {
    writeFileSync(file, lines(1));
    await history.refresh();
    appendFileSync(file, `nonsense\n${lines(2)}`);
    await history.refresh();
    appendFileSync(file, lines(3));
    await history.refresh();
    expect(steps()).toEqual([1, 2, 3]);
    expect(warnings).toEqual([`line 2 of ${file} is damaged and left out`]);
  });

  it("is read anew when the file was cut to a checkpoint", async () => {
    writeFileSync(file, lines(1, 2, 3, 4, 5) + formatLine(validation(5)));
    await history.refresh();
    writeFileSync(file, lines(1, 2));
    await history.refresh();
    expect(steps()).toEqual([1, 2]);
    expect(history.validations).toEqual([]);
    expect(changes.at(-1)).toBe(0);
  });

  it("is read anew when the file was cut and has grown beyond its old end since it was looked at", async () => {
    writeFileSync(file, lines(1, 2, 3, 4));
    await history.refresh();
    const again = [3, 4, 5, 6].map((step) => formatLine(stepLine(step, step * 10))).join("");
    writeFileSync(file, lines(1, 2) + again);
    await history.refresh();
    expect(Array.from(history.steps.loss("G_A"))).toEqual([1, 2, 30, 40, 50, 60]);
    expect(changes.at(-1)).toBe(0);
    expect(warnings).toEqual([]);
  });

  it("of a resumed run has every step once, and the new one", () => {
    history.append([stepLine(1, 10), stepLine(2, 20), stepLine(3, 30), validation(3)]);
    history.append([stepLine(2, 21)]);
    expect(steps()).toEqual([1, 2]);
    expect(Array.from(history.steps.loss("G_A"))).toEqual([10, 21]);
    expect(history.validations).toEqual([]);
  });

  it("has nothing twice when a training tells what the file has, too", async () => {
    writeFileSync(file, lines(1, 2, 3));
    history.append([stepLine(1), stepLine(2)]);
    await history.refresh();
    expect(steps()).toEqual([1, 2, 3]);
    history.append([stepLine(3), stepLine(4)]);
    expect(steps()).toEqual([1, 2, 3, 4]);
  });

  it("of many steps is read whole, whoever asks meanwhile", async () => {
    const count = 8000;
    writeFileSync(file, lines(...Array.from({ length: count }, (_, i) => i + 1)));
    await Promise.all([history.refresh(), history.refresh()]);
    expect(history.steps.length).toBe(count);
    expect(history.lastStepLine?.step).toBe(count);
  });
});
