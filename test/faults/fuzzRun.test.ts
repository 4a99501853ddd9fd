import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RevganError } from "../../extension/protocol/errors";
import { latestWhole } from "../../extension/runFolder/checkpoints";
import { formatSums, sumsFile } from "../../extension/files/checksums";
import { acquireLock, lockHolder } from "../../extension/runFolder/lock";
import { type Metrics, readMetrics } from "../../extension/runFolder/metrics";
import { MetricsLog } from "../../extension/runFolder/metricsLog";
import { readRun } from "../../extension/runFolder/runFile";
import { readFigures } from "../../extension/runFolder/samples";
import { readConfigFile, readNetworkConfiguration } from "../../extension/configuration/readConfiguration";
import { RunHistory } from "../../extension/host/runHistory";
import { RunStore } from "../../extension/host/runStore";
import { DecoderClient } from "../../extension/trainer/data/decoder/decoderClient";
import { seededRandom, type RandomNumbers } from "../../extension/trainer/random";
import { htmlReport } from "../../extension/trainer/report/htmlReport";
import { modelCard } from "../../extension/trainer/report/modelCard";
import { Pictures } from "../../extension/trainer/report/pictures";
import { readReportedRun } from "../../extension/trainer/report/reportedRun";
import { exportEvents } from "../../extension/trainer/tensorboard/exportEvents";
import { readCheckpointFiles } from "../../extension/trainer/training/checkpointFiles";
import { expectDone, sharedFolder, train, unpairedData } from "../support/commandLine";
import { extent } from "../support/full";
import { mutated, mutatedJson } from "../support/mutated";

/** How many mutations of each kind of file are read. */
const cases = extent(600, 20_000);

/** Seconds that one may take. */
const limit = 5;

const folder = sharedFolder();
const trained = join(folder, "trained");

beforeAll(async () => {
  expectDone(
    await train(unpairedData(join(folder, "data")), trained, { "training.poolSize": 2, "training.sampleEvery": 1 }),
  );
  writeFileSync(
    join(trained, "lock"),
    JSON.stringify({ pid: 2 ** 22 - 1, host: "elsewhere", startedAt: "2026-01-02T03:04:05Z" }),
  );
  writeFileSync(
    join(trained, "revgan.json"),
    JSON.stringify({ network: { depth: 3, width: 8 }, data: { cropSize: [32, 48] }, training: { maxSteps: 5 } }),
  );
});

/** One byte or a few are others; of JSON also values. Lines keep their places. */
function mutate(bytes: Buffer, name: string, draw: RandomNumbers): Buffer {
  if (!/\.(json|jsonl)$|lock$/.test(name) || draw.uniform() < 0.4) return mutated(bytes, draw);
  const lines = name.endsWith("l") ? bytes.toString().trimEnd().split("\n") : [bytes.toString()];
  const at = draw.integer(lines.length);
  lines[at] = JSON.stringify(mutatedJson(JSON.parse(lines[at]!), draw));
  return Buffer.from(`${lines.join("\n")}\n`);
}

const checkpoint = "checkpoints/000002";

const decoder = new DecoderClient({ code: "input" });
afterAll(() => decoder.close());

/** What is written of a run for others, now and then: an event file, and a report. */
async function tell(run: string, _: string, i: number): Promise<void> {
  if (i % extent(200, 400) !== 0) return;
  await exportEvents(run, join(folder, "events"), () => undefined);
  const { signal } = new AbortController();
  const reported = await readReportedRun(run, decoder, () => undefined, signal);
  expect(await htmlReport([reported], new Pictures(decoder, signal), new Date(0))).toContain("</html>");
  expect(modelCard(reported, new Date(0))).toContain("# run");
}

/** The sums of a checkpoint that was altered on purpose. */
function seal(run: string): void {
  const at = join(run, checkpoint);
  const names = readdirSync(at).filter((name) => name !== sumsFile);
  writeFileSync(join(at, sumsFile), formatSums(new Map(names.map((name) => [name, readFileSync(join(at, name))]))));
}

/** What metrics say of a run. */
const told = ({ steps, validations, lastStepLine }: Metrics) => [steps.encode(), validations, lastStepLine];

/** Everything that reads a file; each names it in its errors. */
const readers: Readonly<Record<string, readonly ((run: string, file: string, i: number) => Promise<unknown>)[]>> = {
  "run.json": [
    (run) => readRun(run),
    async (run) => {
      const store = new RunStore(() => [join(run, "..")]);
      await store.refresh();
      const problem = store.get(run)!.problem;
      if (problem !== null) throw problem;
    },
    tell,
  ],
  "metrics.jsonl": [
    async (run) => {
      const [history, metrics] = [new RunHistory(run, () => undefined), await readMetrics(run, () => undefined)];
      await history.refresh();
      expect(told(history)).toEqual(told(metrics));
      // What a resumed run keeps is what it was seen to have.
      await (await MetricsLog.open(run, Infinity)).close();
      expect(told(await readMetrics(run, (text) => expect.unreachable(text)))).toEqual(told(metrics));
    },
    tell,
  ],
  "revgan.json": [(_, file) => readNetworkConfiguration({ file, sets: [] }), (_, file) => readConfigFile(file)],
  "samples/000002.json": [(run) => readFigures(run, 2)],
  lock: [
    (run) => lockHolder(run),
    // A lock that is none may be one that is being written: half a second passes before it counts as damaged.
    async (run, _, i) => i % 200 === 0 && (await acquireLock(run)).release(),
  ],
  [`${checkpoint}/${sumsFile}`]: [
    async (run) => expect((await latestWhole(run)).skipped.length).toBeGreaterThanOrEqual(0),
  ],
  ...Object.fromEntries(
    ["state.json", "weights.safetensors", "optimizer.safetensors", "pool.safetensors"].map((name) => [
      `${checkpoint}/${name}`,
      [
        (run: string) => {
          seal(run);
          return readCheckpointFiles(join(run, checkpoint));
        },
      ],
    ]),
  ),
};

describe.each(Object.entries(readers))("%s", (name, readAll) => {
  it(`is read or refused with one line, ${cases} times altered`, { timeout: 60_000 + cases * 50 }, async () => {
    const run = join(folder, `fuzz-${name.replaceAll("/", "-")}`, "run");
    cpSync(trained, run, { recursive: true });
    const file = join(run, name);
    const whole = readFileSync(file);
    const seen = { read: 0, refused: 0, slowest: 0 };
    for (let i = 0; i < cases; i++) {
      const draw = seededRandom(2, name, i);
      writeFileSync(file, mutate(whole, name, draw));
      for (const read of readAll) {
        const since = performance.now();
        try {
          await read(run, file, i);
          seen.read += 1;
        } catch (error) {
          if (!(error instanceof RevganError)) throw new Error(`case ${i} of ${name}`, { cause: error });
          expect(error.message, `case ${i}`).toContain(name === "lock" ? run : file);
          expect(error.message.length, `case ${i}: ${error.message.slice(0, 300)}`).toBeLessThan(600);
          expect(error.remedy).not.toBe("");
          seen.refused += 1;
        }
        seen.slowest = Math.max(seen.slowest, (performance.now() - since) / 1000);
      }
    }
    console.log(`${name}: ${seen.read} read, ${seen.refused} refused; slowest ${seen.slowest.toFixed(2)} s`);
    expect(seen.slowest).toBeLessThan(limit);
    expect(({} as Record<string, unknown>).a).toBeUndefined();
    rmSync(run, { recursive: true });
    mkdirSync(run);
  });
});
