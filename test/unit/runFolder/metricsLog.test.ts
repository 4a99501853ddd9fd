import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formatLine, parseLine, type StepLine, type ValidationLine } from "../../../extension/protocol/lines";
import { MetricsLog } from "../../../extension/runFolder/metricsLog";
import { stepLine as step } from "./runOnDisk";
import { namesIn, smallDisk, temporaryFolder } from "./support";

const validation = (number: number): ValidationLine => ({
  type: "validation",
  step: number,
  metrics: { AtoB: { mae: 1, psnr: null, ssim: 1 } },
});

const fileOf = (run: string) => join(run, "metrics.jsonl");
const positions = (run: string) =>
  readFileSync(fileOf(run), "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => parseLine(line) as StepLine)
    .map(({ type, step: number }) => `${type} ${number}`);

async function write(run: string, lines: readonly (StepLine | ValidationLine)[], from = 0): Promise<MetricsLog> {
  const log = await MetricsLog.open(run, from);
  for (const line of lines) await log.append(line);
  return log;
}

describe("metrics.jsonl", () => {
  it("has the lines in order", async () => {
    const run = temporaryFolder();
    const log = await write(run, [validation(0), step(1), step(2), validation(2), step(3)]);
    await log.sync();
    await log.close();
    expect(positions(run)).toEqual(["validation 0", "step 1", "step 2", "validation 2", "step 3"]);
  });

  it("takes no step twice and none backwards", async () => {
    const run = temporaryFolder();
    const log = await write(run, [step(1), step(2), validation(2)]);
    for (const line of [step(2), step(1), validation(2), validation(1)])
      await expect(log.append(line)).rejects.toThrow(RangeError);
    await log.close();
  });

  it("is cut after the checkpoint that training goes on from", async () => {
    const run = temporaryFolder();
    await (await write(run, [step(1), step(2), validation(2), step(3), step(4)])).close();
    const log = await write(run, [step(3)], 2);
    await log.close();
    expect(positions(run)).toEqual(["step 1", "step 2", "validation 2", "step 3"]);
    expect(namesIn(run)).toEqual(["metrics.jsonl"]);
  });

  it.each([
    ["a torn last line", '{"type":"step","st'],
    ["a whole last line without its end", formatLine(step(2)).trimEnd()],
    ["a line of something else", "hello\n"],
    ["a step that comes again", formatLine(step(1))],
  ])("loses %s", async (_what, text) => {
    const run = temporaryFolder();
    await (await write(run, [step(1)])).close();
    writeFileSync(fileOf(run), text, { flag: "a" });
    const log = await write(run, [step(2)], 100);
    await log.close();
    expect(positions(run)).toEqual(["step 1", "step 2"]);
  });

  it.each([
    ["something else", "hello\n"],
    ["a line of 3 MB", `${"x".repeat(3e6)}\n`],
    ["a line that was torn when another process went on", '{"type":"step","st\n'],
  ])("loses %s in its middle, and keeps what comes after", async (_what, text) => {
    const run = temporaryFolder();
    await (await write(run, [step(1), step(2)])).close();
    writeFileSync(fileOf(run), text, { flag: "a" });
    writeFileSync(fileOf(run), [step(3), step(4), step(5)].map(formatLine).join(""), { flag: "a" });
    const log = await write(run, [step(5)], 4);
    await log.close();
    expect(positions(run)).toEqual(["step 1", "step 2", "step 3", "step 4", "step 5"]);
    expect(namesIn(run)).toEqual(["metrics.jsonl"]);
  });

  it("can be cut at any byte and goes on", async () => {
    const run = temporaryFolder();
    await (await write(run, [step(1), step(2)])).close();
    const whole = readFileSync(fileOf(run));
    for (let length = 0; length < whole.length; length += 7) {
      writeFileSync(fileOf(run), whole.subarray(0, length));
      const log = await MetricsLog.open(run, 2);
      await log.append(step(3));
      await log.close();
      const expected = length < whole.length / 2 ? ["step 3"] : ["step 1", "step 3"];
      expect(positions(run)).toEqual(expected);
    }
  });

  it("on a full disk ends with the last whole line, and goes on when there is space", async (context) => {
    const disk = smallDisk(64);
    if (disk === undefined) return context.skip("mounting is not permitted here");
    const log = await MetricsLog.open(disk, 0);
    await log.append(step(1));
    const huge = {
      ...step(2),
      losses: Object.fromEntries(Array.from({ length: 9000 }, (_, index) => [`loss_${index}`, 0.123456789])),
    };
    await expect(log.append(huge)).rejects.toMatchObject({
      code: "disk",
      message: `the disk is full while writing ${fileOf(disk)}`,
    });
    expect(positions(disk)).toEqual(["step 1"]);
    await log.append(step(2));
    await log.close();
    expect(positions(disk)).toEqual(["step 1", "step 2"]);
  });
});
