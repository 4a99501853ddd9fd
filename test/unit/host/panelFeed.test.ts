import { mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseToWebview, type ToWebview } from "../../../extension/protocol/panel";
import { parseConfig } from "../../../extension/configuration/config";
import { theoryOf } from "../../../extension/host/theoryForPanel";
import { MeasuredMemory } from "../../../extension/runFolder/measuredMemory";
import { PanelFeed } from "../../../extension/host/panelFeed";
import { RunRegistry } from "../../../extension/host/runRegistry";
import { RunStore } from "../../../extension/host/runStore";
import { temporaryFolder } from "../../support/images";
import { writeLongRun } from "../../support/longHistory";

/** A feed over a folder of runs with as many steps as named. */
async function feedOver(runsWithSteps: Readonly<Record<string, number>>): Promise<{
  feed: PanelFeed;
  store: RunStore;
  posted: ToWebview[];
  shown: (string | null)[];
  idOf: (name: string) => string;
}> {
  const folder = temporaryFolder();
  const idOf = (name: string): string => join(folder, name);
  for (const [name, steps] of Object.entries(runsWithSteps)) writeLongRun(idOf(name), steps);
  const store = new RunStore(() => [folder]);
  const runs = new RunRegistry(
    store,
    null,
    new MeasuredMemory(() => join(folder, "memory")),
    () => false,
    (text) => expect.unreachable(text),
  );
  await store.refresh();
  const posted: ToWebview[] = [];
  const shown: (string | null)[] = [];
  const host = {
    pictureBase: (run: string, folder: string) => `pictures:${run}/${folder}/`,
    strings: {},
    onAction: () => undefined,
    onError: () => undefined,
  };
  const feed = new PanelFeed(runs, {
    ...host,
    webview: { postMessage: (message) => Promise.resolve(posted.push(message)) },
    onShownRun: (run) => shown.push(run),
  });
  return { feed, store, posted, shown, idOf };
}

test("news that come while a long history is read do not show another run instead", async () => {
  const { feed, store, posted, shown, idOf } = await feedOver({ long: 30_000, short: 10 });
  const [long, short] = [idOf("long"), idOf("short")];
  await feed.handle({ type: "ready", version: 1, run: null });
  expect(shown).toEqual([short]);
  const opened = feed.show(long);
  utimesSync(join(short, "run.json"), new Date(), new Date());
  await store.refresh();
  await opened;
  await expect.poll(() => posted.map(({ type }) => type)).toContain("runs");
  expect(shown).toEqual([short, long]);
  feed.dispose();
});

test("the shown run's memory by theory is told at the depths that are asked for, and no other run's", async () => {
  const { feed, posted, idOf } = await feedOver({ one: 10, two: 10 });
  await feed.handle({ type: "ready", version: 1, run: idOf("one") });
  for (const run of ["two", "one"]) await feed.handle({ type: "theory", run: idOf(run), depths: [0, 9] });
  const [snapshot] = posted.flatMap((message) => (message.type === "snapshot" ? [message] : []));
  const { config } = snapshot!.shown!;
  const answers = posted.filter((message) => message.type === "theory");
  expect(answers).toEqual([
    { type: "theory", run: idOf("one"), theory: await theoryOf(config!, snapshot!.shown!.run.engine?.name, [0, 9]) },
  ]);
  expect(answers[0]!.theory.points.map(({ depth }) => depth)).toEqual([0, 9]);
  expect(parseToWebview(answers[0])).toEqual(answers[0]);
  feed.dispose();
});

test("evaluations come with the run, and again when there are others", async () => {
  const { feed, store, posted, idOf } = await feedOver({ one: 10, two: 20 });
  await feed.handle({ type: "ready", version: 1, run: idOf("one") });
  const perImage = [
    { name: "x", mae: 3, psnr: 20, ssim: 0.5, cycleMae: 90 },
    { name: "y", mae: 9, psnr: null, ssim: null },
    { name: "z", cycleMae: 5, label: "no figure" },
  ];
  const folder = join(idOf("one"), "evaluation");
  mkdirSync(folder);
  const metrics = { mae: 6, psnr: 20, ssim: 0.5 };
  const line = { type: "evaluation", direction: "BtoA", step: 10, images: 3, metrics, perImage };
  writeFileSync(join(folder, "test-BtoA.json"), JSON.stringify(line));
  writeFileSync(join(folder, "test-BtoA.png"), "");
  utimesSync(join(folder, "test-BtoA.png"), 1, 1.5);
  await store.refresh();
  const heard = () => posted.flatMap((message) => (message.type === "evaluations" ? [message] : []));
  await expect.poll(() => heard().length).toBe(1);
  const [told] = heard();
  expect(parseToWebview(told)).toEqual(told);
  expect(told).toMatchObject({
    run: idOf("one"),
    evaluations: [
      {
        split: "test",
        direction: "BtoA",
        step: 10,
        images: 3,
        metrics,
        worst: [
          {
            name: "y",
            metrics: { mae: 9, psnr: null, ssim: null },
            columns: ["input", "translated", "truth", "difference"],
          },
          { name: "z", metrics: { cycleMae: 5 }, columns: ["input", "translated", "cycled", "difference"] },
          { name: "x" },
        ],
        sheet: `pictures:${idOf("one")}/evaluation/test-BtoA.png?1500`,
      },
    ],
  });
  // The same files are not sent again; a page that is back gets them with the run.
  await store.refresh();
  await feed.handle({ type: "ready", version: 1, run: idOf("one") });
  const snapshot = posted.findLast((message) => message.type === "snapshot");
  expect(snapshot?.shown?.evaluations).toEqual(told!.evaluations);
  expect(heard()).toHaveLength(1);
  writeFileSync(join(folder, "test-BtoA.json"), "{");
  await store.refresh();
  await expect.poll(() => heard().at(-1)?.evaluations).toEqual([]);
  feed.dispose();
});

test("the shown run's configuration with another depth is told", async () => {
  const { feed, posted, idOf } = await feedOver({ one: 10, two: 10 });
  await feed.handle({ type: "ready", version: 1, run: idOf("one") });
  for (const run of ["two", "one"]) await feed.handle({ type: "configuration", run: idOf(run), depth: 33 });
  const [answer, ...more] = posted.flatMap((message) => (message.type === "configuration" ? [message] : []));
  expect(more).toEqual([]);
  expect(answer).toMatchObject({ run: idOf("one"), depth: 33, name: "depth-33.revgan.json" });
  const [snapshot] = posted.flatMap((message) => (message.type === "snapshot" ? [message] : []));
  const { config } = snapshot!.shown!;
  expect(parseConfig(JSON.parse(answer!.text), "")).toEqual({ ...config, network: { ...config!.network, depth: 33 } });
  expect(parseToWebview(answer)).toEqual(answer);
  feed.dispose();
});

test("of comparisons that are asked for in haste only the last is answered", async () => {
  const { feed, posted, idOf } = await feedOver({ one: 30_000, two: 10, three: 10 });
  await feed.handle({ type: "ready", version: 1, run: idOf("three") });
  const [first, last] = [
    feed.handle({ type: "compare", runs: [idOf("one"), idOf("two")] }),
    feed.handle({ type: "compare", runs: [idOf("two")] }),
  ];
  await Promise.all([first, last]);
  const answers = posted.filter((message) => message.type === "comparison");
  expect(answers.map(({ runs }) => runs.map(({ run }) => run.name))).toEqual([["two"]]);
  feed.dispose();
});

test("a comparison tells what every run costs, the shown one too, and of a damaged folder what is wrong with it", async () => {
  const { feed, posted, idOf } = await feedOver({ one: 10, two: 20, three: 5 });
  mkdirSync(join(idOf("three"), "evaluation"));
  writeFileSync(join(idOf("three"), "evaluation", "test-BtoA.json"), "{");
  await feed.handle({ type: "ready", version: 1, run: idOf("one") });
  await feed.handle({ type: "compare", runs: [idOf("two"), idOf("three"), idOf("one"), idOf("gone")] });
  const [told] = posted.flatMap((message) => (message.type === "comparison" ? [message] : []));
  expect(told!.asked).toBe("here");
  expect(told!.runs.map(({ run }) => run.name)).toEqual(["two", "three"]);
  expect([told!.shown, told!.runs[0]!.costAndQuality].map((costAndQuality) => costAndQuality?.line?.steps)).toEqual([
    10, 20,
  ]);
  expect(told!.runs[1]!.costAndQuality).toEqual({
    line: null,
    problem: expect.stringContaining("three/evaluation/test-BtoA.json is damaged: ") as string,
  });
  feed.dispose();
});

test("what is compared is told again to a page that is there again, and ends with another run", async () => {
  const { feed, posted, idOf } = await feedOver({ one: 10, two: 20 });
  const comparisons = (): unknown[] =>
    posted.flatMap((message) =>
      message.type === "comparison" ? [[message.asked, message.runs.map(({ run }) => run.name)]] : [],
    );
  await feed.handle({ type: "ready", version: 1, run: idOf("one") });
  await feed.handle({ type: "compare", runs: [idOf("two")] });
  await feed.handle({ type: "ready", version: 1, run: idOf("one") });
  expect(comparisons()).toEqual([
    ["here", ["two"]],
    ["before", ["two"]],
  ]);
  await feed.handle({ type: "show", run: idOf("two") });
  await feed.handle({ type: "ready", version: 1, run: idOf("two") });
  expect(comparisons()).toHaveLength(2);
  feed.dispose();
});

test("a run that is deleted leaves the comparison, and the last one ends it", async () => {
  const { feed, store, posted, idOf } = await feedOver({ one: 10, two: 20, three: 5 });
  const compared = (): string[][] =>
    posted.flatMap((message) => (message.type === "comparison" ? [message.runs.map(({ run }) => run.name)] : []));
  await feed.handle({ type: "ready", version: 1, run: idOf("one") });
  await feed.handle({ type: "compare", runs: [idOf("two"), idOf("three")] });
  for (const name of ["two", "three"]) {
    rmSync(idOf(name), { recursive: true });
    await store.refresh();
    await expect.poll(() => compared().at(-1)).not.toContain(name);
  }
  expect(compared()).toEqual([["two", "three"], ["three"], []]);
  feed.dispose();
});

test("what a command compares waits for a page that is not there yet", async () => {
  const { feed, posted, idOf } = await feedOver({ one: 10, two: 20 });
  // News of the list of runs come in between.
  const order = (): string[] =>
    posted
      .map((message) => (message.type === "comparison" ? `comparison ${message.asked}` : message.type))
      .filter((type) => type !== "runs");
  await feed.showComparison(idOf("one"), [idOf("two")], false);
  expect(order()).toEqual([]);
  await feed.handle({ type: "ready", version: 1, run: null });
  expect(order()).toEqual(["snapshot", "comparison elsewhere"]);
  // One that is hidden says that it is ready when it is seen again.
  await feed.showComparison(idOf("one"), [idOf("two")], false);
  expect(order()).toHaveLength(2);
  await feed.handle({ type: "ready", version: 1, run: idOf("one") });
  expect(order().slice(2)).toEqual(["snapshot", "comparison elsewhere"]);
  await feed.showComparison(idOf("two"), [idOf("one")], true);
  expect(order().slice(4)).toEqual(["run", "comparison elsewhere"]);
  feed.dispose();
});

test("a run that is asked for while the page is hidden is shown when the page is back, whatever it showed before", async () => {
  const { feed, posted, shown, idOf } = await feedOver({ one: 10, two: 20 });
  await feed.show(null);
  await feed.handle({ type: "ready", version: 1, run: idOf("one") });
  await feed.show(idOf("two"));
  // The page was away, and remembers what it showed.
  await feed.handle({ type: "ready", version: 1, run: idOf("one") });
  expect(shown.at(-1)).toBe(idOf("two"));
  const snapshots = posted.flatMap((message) => (message.type === "snapshot" ? [message.shown?.run.name] : []));
  expect(snapshots).toEqual(["one", "two"]);
  feed.dispose();
});

test("a page that cannot be reached is not sent the same update again and again", async () => {
  const folder = temporaryFolder();
  const run = join(folder, "one");
  writeLongRun(run, 10);
  const store = new RunStore(() => [folder]);
  const memory = new MeasuredMemory(() => join(folder, "memory"));
  const runs = new RunRegistry(store, null, memory, () => false, expect.unreachable);
  await store.refresh();
  const errors: unknown[] = [];
  let isReachable = true;
  const feed = new PanelFeed(runs, {
    webview: { postMessage: () => (isReachable ? Promise.resolve() : Promise.reject(new Error("gone"))) },
    pictureBase: () => "",
    strings: {},
    onAction: () => undefined,
    onShownRun: () => undefined,
    onError: (error) => errors.push(error),
  });
  await feed.handle({ type: "ready", version: 1, run });
  isReachable = false;
  for (let change = 0; change < 3; change++) {
    runs.permissionsChanged();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(errors).toHaveLength(3);
  feed.dispose();
});
