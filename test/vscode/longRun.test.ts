import { appendFileSync } from "node:fs";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formatLine } from "../../extension/protocol/lines";
import { until } from "../support/browser/until";
import { hostMemory } from "../support/vscode/hostMemory";
import { LongPanel } from "../support/vscode/longPanel";
import { stepLines } from "../webview/support/runs";

const steps = 100_000;
const megabyte = 1024 * 1024;

describe("a run of 100,000 steps", () => {
  let long: LongPanel;
  let frame: Frame;
  let before: number;

  beforeAll(async () => {
    long = await LongPanel.start(join(import.meta.dirname, "..", ".."), steps);
    ({ frame } = await long.open("short"));
    before = await hostMemory(long.vscode.host);
    await keepMessages(frame);
    await long.open("long");
  });

  afterAll(async () => {
    await long.close();
  });

  test("is shown from its first step to its last", async () => {
    const messages = await frame.evaluate<Message[]>("window.messages");
    // What was read at once comes with the run, the rest in pieces that follow each other, none of it twice.
    const pieces = messages.filter(({ type }) => type === "run" || type === "steps");
    expect(pieces[0]?.type).toBe("run");
    const sums = pieces.map((_, at) => pieces.slice(0, at).reduce((sum, piece) => sum + piece.steps, 0));
    expect(pieces.map(({ from }) => from)).toEqual(sums);
    expect(sums.at(-1)! + pieces.at(-1)!.steps).toBe(steps);
    expect(pieces.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(steps * 84);
    expect(await frame.locator(".charts-range").innerText()).toBe("Steps 1 to 100,000");
    expect(await frame.locator(".facts").innerText()).toContain("100,000 of 100,000");
  });

  test("costs the extension host less than 20 MB", async () => {
    expect((await hostMemory(long.vscode.host)) - before).toBeLessThan(20 * megabyte);
  });

  test("grows by small messages", async () => {
    await frame.evaluate("window.messages.splice(0)");
    appendFileSync(
      join(long.run("long"), "metrics.jsonl"),
      stepLines(steps + 1, steps + 10)
        .map(formatLine)
        .join(""),
    );
    const range = frame.locator(".charts-range");
    await until(
      "the new steps",
      async () => ((await range.innerText()).endsWith("100,010") ? true : undefined),
      () => range.innerText(),
    );
    const messages = await frame.evaluate<Message[]>("window.messages");
    expect(messages.reduce((sum, message) => sum + (message.type === "steps" ? message.steps : 0), 0)).toBe(10);
    expect(Math.max(...messages.map(({ bytes }) => bytes))).toBeLessThan(32 * 1024);
  });

  test("gives its memory back when another is shown", async () => {
    await long.open("short");
    expect((await hostMemory(long.vscode.host)) - before).toBeLessThan(3 * megabyte);
  });
});

/** What the panel's page was sent. */
interface Message {
  readonly type: string;
  /** Its arrays, and the rest as JSON. */
  readonly bytes: number;
  readonly steps: number;
  /** Index of its first step. */
  readonly from: number;
}

/** Keeps note of every message of the host. */
async function keepMessages(page: Frame): Promise<void> {
  await page.evaluate(`window.messages = []; window.addEventListener("message", ({ data }) =>
  {
    let arrays = 0;
    const rest = JSON.stringify(data, (_, value) => ArrayBuffer.isView(value) ? (arrays += value.byteLength, 0) : value);
    window.messages.push({ type: data.type, bytes: arrays + rest.length, steps: (data.view ?? data).steps?.length ?? 0, from: data.from ?? 0 });
  })`);
}
