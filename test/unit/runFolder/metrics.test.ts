import { appendFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formatLine, type ValidationLine } from "../../../extension/protocol/lines";
import { type Metrics, readMetrics } from "../../../extension/runFolder/metrics";
import { MetricsLog } from "../../../extension/runFolder/metricsLog";
import { RunHistory } from "../../../extension/host/runHistory";
import { stepLine } from "./runOnDisk";
import { temporaryFolder } from "./support";

const validation = (step: number, mae = 1): ValidationLine => ({
  type: "validation",
  step,
  metrics: { AtoB: { mae, psnr: null, ssim: 0.5 } },
});
const steps = (...numbers: number[]): string => numbers.map((step) => formatLine(stepLine(step))).join("");
const validated = (step: number, mae?: number): string => formatLine(validation(step, mae));

function runWith(content: string | Buffer): string {
  const run = temporaryFolder();
  writeFileSync(join(run, "metrics.jsonl"), content);
  return run;
}

/** What was read, with the loss of each step and the error of each validation. */
interface Told {
  readonly steps: readonly (readonly [number, number])[];
  readonly validations: readonly (readonly [number, number])[];
  readonly warnings: readonly string[];
}

const told = ({ steps: columns, validations, lastStepLine }: Metrics, warnings: readonly string[]): Told => {
  expect(lastStepLine?.step).toBe(columns.column("step").at(-1));
  return {
    steps: Array.from(columns.column("step"), (step, i) => [step, columns.loss("G_A")[i]!]),
    validations: validations.map(({ step, metrics }) => [step, metrics.AtoB!.mae!]),
    warnings,
  };
};

/** As the command line reads it. */
async function byCommandLine(run: string): Promise<Told> {
  const warnings: string[] = [];
  return told(await readMetrics(run, (text) => warnings.push(text)), warnings);
}

/** As the panel reads it. */
async function byHost(run: string): Promise<Told> {
  const warnings: string[] = [];
  const history = new RunHistory(run, (text) => warnings.push(text));
  await history.refresh();
  await history.refresh();
  return told(history, warnings);
}

/** As a resumed run leaves it, and what it warns of. */
async function byResume(run: string): Promise<Told> {
  const log = await MetricsLog.open(run, 1000);
  await log.close();
  const left = await byCommandLine(run);
  expect(left.validations).toEqual(log.validations.map(({ step, metrics }) => [step, metrics.AtoB!.mae!]));
  expect(left.warnings).toEqual([]);
  return { ...left, warnings: log.damage === null ? [] : [log.damage] };
}

const whole = (...numbers: number[]): (readonly [number, number])[] => numbers.map((step) => [step, step]);
const other = (step: number, loss: number): string => formatLine(stepLine(step, loss));

interface Case {
  readonly file: string | Buffer;
  readonly steps: Told["steps"];
  readonly validations?: Told["validations"];
  /** Numbers of the damaged lines, as a message names them. */
  readonly damaged?: string;
}

const cases: Readonly<Record<string, Case>> = {
  "that is empty": { file: "", steps: [] },
  "that is whole": {
    file: validated(0, 9) + steps(1, 2) + validated(2) + steps(3),
    steps: whole(1, 2, 3),
    validations: [
      [0, 9],
      [2, 1],
    ],
  },
  "whose last line is torn": { file: steps(1, 2) + steps(3).slice(0, -20), steps: whole(1, 2) },
  "whose last line lacks its end": { file: steps(1, 2).trimEnd(), steps: whole(1) },
  "whose last line is torn inside a letter": {
    file: Buffer.concat([Buffer.from(steps(1)), Buffer.from('{"type":"é').subarray(0, -1)]),
    steps: whole(1),
  },
  "with a line that was torn when another process went on": {
    file: `${steps(1)}${steps(2).slice(0, 30)}\n${steps(3)}`,
    steps: whole(1, 3),
    damaged: "line 2",
  },
  "with two lines of something else": {
    file: `${steps(1)}garbage\n${steps(2)}null\n${validated(2)}`,
    steps: whole(1, 2),
    validations: [[2, 1]],
    damaged: "lines 2 and 4",
  },
  "with four lines of something else": {
    file: `42\n{\n\n${steps(1)}\u0000\u0001\n`,
    steps: whole(1),
    damaged: "lines 1, 2, 3 and 1 more",
  },
  "with lines of other kinds": {
    file: `${steps(1)}{"type":"other"}\n${formatLine({ type: "checkpoint", step: 1, path: "/c" })}${steps(2)}`,
    steps: whole(1, 2),
    damaged: "lines 2 and 3",
  },
  "with a step that lacks its losses": {
    file: `{"type":"step","step":1}\n${steps(2)}`,
    steps: whole(2),
    damaged: "line 1",
  },
  "with a step that has a text for a number": {
    file: `${steps(1)}${steps(2).replace('"step":2', '"step":"2"')}`,
    steps: whole(1),
    damaged: "line 2",
  },
  "with a step before the first": {
    file: `${other(0, 1)}${other(-3, 1)}${steps(1)}`,
    steps: whole(1),
    damaged: "lines 1 and 2",
  },
  "with a validation without figures": {
    file: `${steps(1)}{"type":"validation","step":1}\n`,
    steps: whole(1),
    damaged: "line 2",
  },
  "with a step that has a gap, which is no fault": {
    file: `${steps(1)}${JSON.stringify({ ...stepLine(2), losses: { G_A: "much" }, seconds: null })}\n`,
    steps: [
      [1, 1],
      [2, NaN],
    ],
  },
  "with a line of 3 MB": { file: `${steps(1)}${"x".repeat(3e6)}\n${steps(2)}`, steps: whole(1, 2), damaged: "line 2" },
  "with a line of 3 MB that would be one of ours": {
    file: `${steps(1)}${JSON.stringify({ ...stepLine(2), more: "x".repeat(3e6) })}\n${steps(3)}`,
    steps: whole(1, 3),
    damaged: "line 2",
  },
  "in which a step comes again": {
    file: steps(1, 2, 3) + validated(3) + other(2, 20),
    steps: [
      [1, 1],
      [2, 20],
    ],
  },
  "in which many steps come again, and go on": {
    file: steps(1, 2) + validated(2, 5) + steps(3, 4) + validated(4, 6) + other(3, 30) + other(4, 40) + steps(5),
    steps: [
      [1, 1],
      [2, 2],
      [3, 30],
      [4, 40],
      [5, 5],
    ],
    validations: [[2, 5]],
  },
  "in which a validation comes again": {
    file: steps(1) + validated(1, 5) + validated(1, 6) + steps(2),
    steps: whole(1, 2),
    validations: [[1, 6]],
  },
  "in which a validation comes late": {
    file: steps(1, 2, 3) + validated(3, 5) + validated(2, 6),
    steps: whole(1, 2, 3),
    validations: [[2, 6]],
  },
  "in which a validation's step is damaged": {
    file: `${steps(1)}${steps(2).slice(0, 40)}\n${validated(2, 7)}${steps(3)}`,
    steps: whole(1, 3),
    validations: [[2, 7]],
    damaged: "line 2",
  },
};

describe("a file of metrics", () => {
  describe.each(Object.entries(cases))("%s", (_, { file, steps: expected, validations = [], damaged }) => {
    it.each([
      ["the command line", byCommandLine],
      ["the host", byHost],
      ["a resumed run", byResume],
    ])("says the same to %s, which names what is damaged once", async (__, read) => {
      const run = runWith(file);
      const are = damaged?.startsWith("lines") === true ? "are" : "is";
      expect(await read(run)).toEqual({
        steps: expected,
        validations,
        warnings:
          damaged === undefined ? [] : [`${damaged} of ${join(run, "metrics.jsonl")} ${are} damaged and left out`],
      });
    });
  });

  it("that is not there has no steps", async () => {
    const nothing = { steps: [], validations: [], warnings: [] };
    expect(await byCommandLine(temporaryFolder())).toEqual(nothing);
    expect(await byHost(temporaryFolder())).toEqual(nothing);
  });

  it("that cannot be read is named to both sides", async () => {
    const run = temporaryFolder();
    const file = join(run, "metrics.jsonl");
    mkdirSync(file);
    await expect(byCommandLine(run)).rejects.toMatchObject({ code: "run", message: `${file} is a folder` });
    expect(await byHost(run)).toEqual({ steps: [], validations: [], warnings: [`${file} is a folder`] });
    const history = new RunHistory(run, () => undefined);
    await history.refresh();
    expect(history.problem).toMatchObject({ code: "run", message: `${file} is a folder` });
  });

  it("with a line that has no end takes no memory", async () => {
    const run = runWith("");
    truncateSync(join(run, "metrics.jsonl"), 200e6);
    appendFileSync(join(run, "metrics.jsonl"), `\n${steps(1)}`);
    const before = process.memoryUsage().rss;
    expect((await byCommandLine(run)).steps).toEqual(whole(1));
    expect(process.memoryUsage().rss - before).toBeLessThan(60e6);
  });

  it("in any order of its lines ends as the readers of the whole file see it, wherever a resumed run cuts it", async () => {
    // Some of the orders in which four steps and two validations can be written twice.
    for (let order = 0; order < 40; order++) {
      let state = order + 1;
      const draw = (count: number): number => (state = (state * 48271) % 2147483647) % count;
      const lines = Array.from({ length: 12 }, (_, i) => (draw(3) > 0 ? other(draw(4) + 1, i) : validated(draw(5), i)));
      const seen = await byCommandLine(runWith(lines.join("")));
      expect(await byHost(runWith(lines.join(""))), lines.join("")).toEqual(seen);
      for (const lastStep of [1, 2, 4]) {
        const run = runWith(lines.join(""));
        await (await MetricsLog.open(run, lastStep)).close();
        const upTo = lines.filter((line) => (JSON.parse(line) as { step: number }).step <= lastStep).join("");
        expect(await byCommandLine(run), lines.join("")).toEqual(await byCommandLine(runWith(upTo)));
        const kept = readFileSync(join(run, "metrics.jsonl"), "utf8").trimEnd().split("\n").filter(Boolean);
        const numbers = kept.map((line) => JSON.parse(line) as { type: string; step: number });
        const ofSteps = numbers.filter(({ type }) => type === "step").map(({ step }) => step);
        expect(ofSteps).toEqual([...new Set(ofSteps)].sort((a, b) => a - b));
      }
    }
  });
});
