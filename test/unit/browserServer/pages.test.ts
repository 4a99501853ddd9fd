import { get, type IncomingMessage, request } from "node:http";
import { dirname } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { ToWebview } from "../../../extension/protocol/panel";
import { until } from "../../support/browser/until";
import { Viewer } from "../../../extension/browserServer/viewer";
import { watchRuns } from "../../../extension/browserServer/watchedRuns";
import { append, stepLine, storedRun } from "./storedRun";

/** A page that listens, and what it heard. */
interface Listener {
  readonly heard: ToWebview[];
  readonly says: (message: object) => Promise<number>;
  readonly leave: () => void;
}

async function openPage(address: string): Promise<Listener> {
  const { url } = await fetch(address);
  const heard: ToWebview[] = [];
  const response = await new Promise<IncomingMessage>((resolve) => get(new URL("events", url), resolve));
  let rest = "";
  response.setEncoding("utf8").on("error", () => undefined);
  response.on("data", (chunk: string) => {
    const events = (rest + chunk).split("\n\n");
    rest = events.pop()!;
    for (const event of events) if (event.startsWith("data: ")) heard.push(JSON.parse(event.slice(6)) as ToWebview);
  });
  const says = (message: object): Promise<number> =>
    new Promise((resolve, reject) => {
      const headers = { origin: new URL(url).origin, "content-type": "application/json" };
      request(new URL("message", url), { method: "POST", headers }, (answer) => resolve(answer.resume().statusCode!))
        .once("error", reject)
        .end(JSON.stringify(message));
    });
  return { heard, says, leave: () => response.destroy() };
}

async function served(run: string) {
  const faults: unknown[] = [];
  const watched = await watchRuns({ cwd: dirname(run), run }, (text) => faults.push(text));
  const viewer = new Viewer(watched, (fault) => faults.push(fault));
  onTestFinished(() => {
    viewer.close();
    expect(faults).toEqual([]);
  });
  return { runs: watched.runs, address: await viewer.listen(null) };
}

const ready = { type: "ready", version: 1, run: null };
const stepsOf = ({ heard }: Listener) =>
  heard.flatMap((message) => (message.type === "steps" ? [[message.from, message.steps.length]] : []));

it("sends a page everything once, and then what is new alone", async () => {
  const run = storedRun(3);
  const page = await openPage((await served(run)).address);
  expect(await page.says(ready)).toBe(204);
  await until("the snapshot", () => Promise.resolve(page.heard.length > 0 || undefined));
  expect(page.heard).toMatchObject([
    { type: "snapshot", actions: [], shown: { run: { id: run, actions: [] }, steps: { length: 3 } } },
  ]);
  append(run, stepLine(4), stepLine(5));
  await until("the new steps", () => Promise.resolve(stepsOf(page).length > 0 || undefined));
  expect(stepsOf(page)).toEqual([[3, 2]]);
});

it("tells a page what another page's coming brought to light", async () => {
  const run = storedRun(3);
  const { address } = await served(run);
  const page = await openPage(address);
  await page.says(ready);
  append(run, stepLine(4));
  const other = await openPage(address);
  await other.says(ready);
  await until("the new step", () => Promise.resolve(stepsOf(page).length > 0 || undefined));
  expect(stepsOf(page)).toEqual([[3, 1]]);
});

it("replaces the steps that a resumed run takes again", async () => {
  const run = storedRun(5);
  const page = await openPage((await served(run)).address);
  await page.says(ready);
  append(run, stepLine(3));
  await until("the step", () => Promise.resolve(stepsOf(page).length > 0 || undefined));
  expect(stepsOf(page)).toEqual([[2, 1]]);
});

it("forgets a run's steps when its last page is gone", async () => {
  const run = storedRun(3);
  const { address, runs } = await served(run);
  const pages = [await openPage(address), await openPage(address)];
  for (const page of pages) await page.says(ready);
  expect(runs.histories.get(run)).not.toBeNull();
  pages[0]!.leave();
  // What a page said last may come when it is gone.
  await pages[0]!.says(ready);
  expect(runs.histories.get(run)).not.toBeNull();
  pages[1]!.leave();
  await until("the history to go", () => Promise.resolve(runs.histories.get(run) === null || undefined));
});
