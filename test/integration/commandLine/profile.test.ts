import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  expectDone,
  metricsOf,
  ofType,
  pairedData,
  sets,
  sharedFolder,
  tiny,
  train,
  unpairedData,
} from "../../support/commandLine";
import { revgan } from "../../support/programs";

interface Event {
  readonly ph: string;
  readonly name: string;
  readonly cat?: string;
  readonly ts: number;
  readonly dur: number;
  readonly args: Readonly<Record<string, number>>;
}

const folder = sharedFolder();
const unpaired = unpairedData(join(folder, "unpaired"));
const paired = pairedData(join(folder, "paired"));

const eventsOf = (file: string): Event[] =>
  (JSON.parse(readFileSync(file, "utf8")) as { traceEvents: Event[] }).traceEvents;
const within =
  (outer: Event) =>
  (event: Event): boolean =>
    event.ts >= outer.ts && event.ts + event.dur <= outer.ts + outer.dur + 2;

describe("revgan train --profile", () => {
  it("writes a trace whose operations lie in terms, and terms in steps, with all bytes of the peak", async () => {
    const file = join(folder, "new folder", "profile.json");
    const lines = expectDone(
      await train(unpaired, join(folder, "traced"), { "training.maxSteps": 7 }, ["--profile", file]),
    );
    const events = eventsOf(file);
    const spans = events.filter(({ ph }) => ph === "X");
    const of = (kind: string): Event[] => spans.filter(({ cat }) => cat === kind);
    const steps = of("loop").filter(({ name }) => name.startsWith("step "));
    // A training of days would fill the memory: only the first steps are noted.
    expect(steps.map(({ name }) => name)).toEqual(["step 1", "step 2", "step 3", "step 4", "step 5"]);
    for (const [i, step] of steps.entries()) {
      const terms = of("term").filter(within(step));
      expect(terms.map(({ name }) => name)).toEqual([
        "A to B and back",
        "B to A and back",
        "idt_A",
        "idt_B",
        "D_A",
        "D_B",
      ]);
      for (const term of terms)
        expect(
          of("operation")
            .filter(within(term))
            .map(({ name }) => name),
        ).toContain("convFilterGradient");
      const counted = events.filter(({ ph, ts }) => ph === "C" && ts >= step.ts && ts <= step.ts + step.dur);
      const bytes = counted.map(({ args }) => Object.values(args).reduce((a, b) => a + b, 0));
      expect(Math.max(...bytes)).toBe(ofType(lines, "step")[i]!.bytes.peak);
    }
  });

  it("prints what a step consists of, and the sums are those of the step", async () => {
    const file = join(folder, "tables.json");
    const { code, stdout, stderr } = await revgan([
      "train",
      "--data",
      paired,
      "--run",
      join(folder, "tables"),
      ...sets({ ...tiny, "training.maxSteps": 4 }),
      "--profile",
      file,
    ]);
    expect(stderr).toContain(`Profile: ${file}; open it in chrome://tracing or ui.perfetto.dev`);
    expect(code).toBe(0);
    const [operations, parts, terms] = ["OPERATION", "PART", "TERM"].map((title) => rowsBelow(stdout, title));
    const whole = Number(/A step takes ([\d.]+) ms; waiting for data [\d.]+ ms \(mean of 3\)/.exec(stdout)![1]);
    const sum = (rows: ReturnType<typeof rowsBelow>): number =>
      rows.reduce((total, { milliseconds }) => total + milliseconds, 0);
    expect(operations!.find(({ name }) => name === "conv")!.calls).toBeGreaterThan(20);
    expect(parts!.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["core", "encoders", "decoders", "discriminators", "(between operations)"]),
    );
    expect(Math.abs(sum(parts!) - whole)).toBeLessThan(1);
    expect(sum(operations!)).toBeLessThan(whole);
    expect(terms!.map(({ name, calls }) => `${calls} ${name}`).sort()).toEqual([
      "1 A to B",
      "1 B to A",
      "1 D_AB",
      "1 D_BA",
    ]);
  });

  it("changes nothing of what is trained", async () => {
    const [plain, traced] = [join(folder, "plain"), join(folder, "watched")];
    expectDone(await train(unpaired, plain));
    expectDone(await train(unpaired, traced, {}, ["--profile", join(folder, "watched.json")]));
    const figures = (run: string): unknown[] =>
      metricsOf(run).map((line) => (line.type === "step" ? [line.losses, line.bytes] : line.type));
    expect(figures(traced)).toEqual(figures(plain));
  });

  it("refuses a place that cannot be written to before it trains, and leaves nothing of a run that did not begin", async () => {
    const place = join(folder, "a folder");
    mkdirSync(place);
    const run = join(folder, "refused");
    const { code, stderr } = await train(unpaired, run, {}, ["--profile", place]);
    expect(stderr).toBe(`revgan: ${place} cannot be written (EISDIR); check the disk and the folder, then try again\n`);
    expect(code).toBe(1);
    expect(existsSync(run)).toBe(false);
    const [fresh, older] = [join(folder, "fresh.json"), join(folder, "older.json")];
    writeFileSync(older, "from another run");
    for (const file of [fresh, older])
      expect((await train(join(folder, "nowhere"), run, {}, ["--profile", file])).code).not.toBe(0);
    expect(existsSync(fresh)).toBe(false);
    expect(readFileSync(older, "utf8")).toBe("from another run");
  });
});

/** The rows of a printed table. */
function rowsBelow(text: string, title: string): { name: string; calls: number; milliseconds: number }[] {
  const lines = text.split("\n");
  const first = lines.findIndex((line) => line.startsWith(`${title} `)) + 1;
  const rest = lines.slice(first);
  return rest.slice(0, rest.indexOf("")).map((line) => {
    const [name, calls, milliseconds] = line.split(/ {2,}/);
    return { name: name!, calls: Number(calls), milliseconds: Number(milliseconds) };
  });
}
