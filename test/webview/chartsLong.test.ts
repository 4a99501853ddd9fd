import { afterAll, expect, test } from "vitest";
import { StepColumns } from "../../extension/protocol/stepColumns";
import { until } from "../support/browser/until";
import { ChartsPage, written } from "./chartsPage";
import { closeBrowser, openPage } from "./support/page";
import { exampleSnapshot, exampleView, stepLines } from "./support/runs";

afterAll(closeBrowser);

const length = 100_000;

/** Runs in the page: how long its frames and its longest tasks take until it is told to stop. */
const watchFrames = `(() => {
  const seen = { frames: [], tasks: [] };
  let last = performance.now();
  let on = true;
  new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map(({ duration }) => Math.round(duration)))).observe({ entryTypes: ["longtask"] });
  const frame = (now) => { seen.frames.push(now - last); last = now; if (on) requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
  window.stopWatching = () => { on = false; return seen; };
})()`;

interface Seen {
  frames: number[];
  tasks: number[];
}

test("100,000 steps open, zoom, move and grow", async () => {
  const columns = new StepColumns();
  for (let from = 1; from <= length; from += 1000) for (const line of stepLines(from, from + 999)) columns.append(line);
  const base = exampleSnapshot();
  const view = { ...exampleView(), steps: columns.encode() };
  const open = await openPage({ snapshot: { ...base, shown: null } });
  const charts = new ChartsPage(open);
  const begun = performance.now();
  await open.send({ type: "run", view });
  await charts.rangeIs(1, length);
  const opened = performance.now() - begun;

  await charts.plot("Generator").focus();
  await open.page.evaluate(watchFrames);
  for (let round = 0; round < 8; round++) await open.page.keyboard.press("+");
  for (let round = 0; round < 10; round++)
    await open.page.keyboard.press(round % 2 === 0 ? "Shift+ArrowLeft" : "Shift+ArrowRight");
  for (let round = 0; round < 8; round++) await open.page.keyboard.press("-");
  for (let round = 0; round < 10; round++)
    await charts.section.getByRole("slider", { name: "Smoothing" }).fill(String(round / 20 + 0.4));
  const { frames, tasks } = await open.page.evaluate<Seen>("window.stopWatching()");
  frames.sort((one, other) => one - other);
  const at = (part: number): string => frames[Math.floor((frames.length - 1) * part)]!.toFixed(1);
  console.log(
    `100,000 steps: opened in ${opened.toFixed(0)} ms, the sending over the debugger included; ${frames.length} frames while zooming, moving and smoothing: ` +
      `median ${at(0.5)} ms, 95 % ${at(0.95)} ms, longest ${at(1)} ms; tasks over 50 ms: ${tasks.join(", ") || "none"}`,
  );

  await open.page.keyboard.press("Escape");
  const more = new StepColumns();
  for (const line of stepLines(length + 1, length + 10)) more.append(line);
  await open.send({
    type: "steps",
    run: view.run.id,
    from: length,
    steps: more.encode(),
    lastStepLine: null,
    validations: [],
  });
  await until("the newest value", async () =>
    (await charts.legend("Generator"))[0]?.[1] === written(more.loss("G_A")[9]!) ? true : undefined,
  );
  const { lines } = await charts.seen("Generator");
  expect(lines).toHaveLength(4);
  for (const { points } of lines) expect(points).toBeLessThanOrEqual(2 * 800 + 4);
  expect(open.errors()).toEqual([]);
  await open.close();
});
