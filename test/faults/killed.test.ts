import { rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import type { Line } from "../../extension/protocol/lines";
import { seededRandom } from "../../extension/trainer/random";
import { latestWhole } from "../../extension/runFolder/checkpoints";
import {
  checkpoint,
  expectDone,
  linesOf,
  metricsOf,
  ofType,
  Running,
  sets,
  sharedFolder,
  tiny,
  train,
  unpairedData,
} from "../support/commandLine";
import { extent } from "../support/full";

/** How often a trainer is killed. */
const kills = extent(4, 200);

const checkpointEvery = 4;
const last = 40;
const settings = {
  "training.checkpointEvery": checkpointEvery,
  "training.sampleEvery": 3,
  "training.keepCheckpoints": 2,
  "training.poolSize": 3,
  "training.maxSteps": last,
};

const folder = sharedFolder();
const data = unpairedData(join(folder, "data"));
const undisturbed = join(folder, "undisturbed");

beforeAll(async () => {
  expectDone(await train(data, undisturbed, settings));
});

/** What a training has learnt, whatever it took and whenever it was. */
const learnt = (lines: readonly Line[]): unknown[] =>
  ofType(lines, "step").map(({ step, epoch, losses, learningRate }) => ({ step, epoch, losses, learningRate }));

it(
  `a trainer that is killed at ${kills} moments goes on each time from at most ${checkpointEvery} steps before, to the same weights`,
  { timeout: 60_000 + kills * 30_000 },
  async () => {
    const run = join(folder, "killed");
    const draw = seededRandom(1, "kills");
    const lost: number[] = [];
    let [resumed, finished, isNew] = [0, 0, true];
    while (resumed < kills) {
      const before = isNew ? 0 : (await latestWhole(run)).checkpoint!.step;
      const training = isNew
        ? new Running(["train", "--json", "--data", data, "--run", run, ...sets({ ...tiny, ...settings })])
        : new Running(["resume", run, "--json"]);
      // A new run can be gone on with from its first checkpoint; from there on any moment will do, in a step or in a write.
      const event = isNew ? "checkpoint" : ["step", "sample", "checkpoint", "started"][draw.integer(4)]!;
      // It may come to its end before.
      if (event !== "started")
        await Promise.race([training.says(`"type":"${event}"`).catch(() => undefined), training.end]);
      await new Promise((resolve) => setTimeout(resolve, (event === "started" ? 3000 : 800) * draw.uniform()));
      const { code, stdout, stderr } = await training.kill();
      expect(code === null || code === 0, stderr).toBe(true);
      const told = linesOf(stdout.slice(0, stdout.lastIndexOf("\n") + 1));
      const first = ofType(told, "step")[0]?.step;
      if (first !== undefined) expect(first).toBe(before + 1);
      if (!isNew) resumed += 1;
      isNew = false;
      const whole = (await latestWhole(run)).checkpoint!.step;
      const reached = ofType(told, "step").at(-1)?.step ?? before;
      lost.push(reached - whole);
      expect(reached - whole).toBeLessThanOrEqual(checkpointEvery);
      if (code === 0 || whole === last) {
        // Killed, if at all, between its last checkpoint and its last word.
        if (code !== 0) expectDone(await new Running(["resume", run, "--json"]).end);
        finished += 1;
        expectAsUndisturbed(run);
        rmSync(run, { recursive: true });
        isNew = true;
      }
    }
    if (!isNew) {
      expectDone(await new Running(["resume", run, "--json"]).end);
      expectAsUndisturbed(run);
    }
    console.log(
      `${resumed} kills, ${finished} trainings to the end; steps lost: at most ${Math.max(...lost)}, on average ${(lost.reduce((a, b) => a + b, 0) / lost.length).toFixed(1)}`,
    );
  },
);

function expectAsUndisturbed(run: string): void {
  expect(checkpoint(run, last)).toEqual(checkpoint(undisturbed, last));
  expect(learnt(metricsOf(run))).toEqual(learnt(metricsOf(undisturbed)));
}
