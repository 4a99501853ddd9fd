import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { noise, writeTree } from "../support/images";
import { until } from "../support/browser/until";
import { hostMemory } from "../support/vscode/hostMemory";
import { LongPanel } from "../support/vscode/longPanel";
import { SampleRun } from "../support/vscode/sampleRun";
import type { Activation } from "../support/vscode/activation";
import { Workbench } from "../support/vscode/workbench";
import { markdownTable, median } from "./statistics";
import { fileArgument } from "../support/vscode/host";

const rounds = 5;
const steps = 100_000;

/** A row of the printed table: a measured quantity and the bound that its median should stay below. */
interface Figure {
  readonly what: string;
  readonly values: readonly number[];
  readonly unit: string;
  readonly bound: number | null;
}

/**
 * Measures the speed of the extension in a real VS Code and prints it: activation, a panel of 100,000 steps, a translation.
 *
 * @param packed the folder or .vsix of the extension as users get it
 */
export async function bench(packed: string): Promise<void> {
  const figures = [...(await activation(packed)), ...(await longHistory(packed)), ...(await translation(packed))];
  const number = (value: number): string => value.toFixed(value < 10 ? 1 : 0);
  const rows = figures.map(({ what, values, unit, bound }) => [
    what,
    `${number(median(values))} ${unit}`,
    `${number(Math.min(...values))} to ${number(Math.max(...values))}`,
    bound === null ? "" : `under ${bound} ${unit}`,
  ]);
  process.stdout.write(`${markdownTable(["", "median", `of ${rounds}`, "wanted"], rows)}\n`);
}

/** Activation times as VS Code measures them, each round in a new window. */
async function activation(packed: string): Promise<Figure[]> {
  const found: Activation[] = [];
  for (let round = 0; round < rounds; round++) {
    await inWindow(packed, async (vscode) => {
      await vscode.host.executeCommand("revgan.openPanel");
      found.push(await vscode.activation("revgan.revgan"));
    });
  }
  return [
    { what: "activation: loading the code", values: found.map(({ load }) => load), unit: "ms", bound: null },
    { what: "activation: calling activate", values: found.map(({ call }) => call), unit: "ms", bound: null },
    {
      what: "activation in all",
      values: found.map(({ load, call, finish }) => load + call + finish),
      unit: "ms",
      bound: 50,
    },
  ];
}

async function longHistory(packed: string): Promise<Figure[]> {
  const long = await LongPanel.start(packed, steps);
  try {
    await long.open("short");
    const before = await hostMemory(long.vscode.host);
    const [opened, shown, grown]: [number[], number[], number[]] = [[], [], []];
    let frames: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const first = await long.open("long");
      shown.push(first.milliseconds);
      grown.push(((await hostMemory(long.vscode.host)) - before) / 1e6);
      if (round === 0) frames = await framesWhileMoving(first.frame, long.vscode);
      await long.vscode.host.executeCommand("workbench.action.closeAllEditors");
      const second = await long.open("long");
      opened.push(second.milliseconds);
      await long.open("short");
    }
    return [
      {
        what: "100,000 steps: from the command to the last curve, panel closed",
        values: opened,
        unit: "ms",
        bound: 1000,
      },
      { what: "100,000 steps: the same in an open panel", values: shown, unit: "ms", bound: 1000 },
      { what: "100,000 steps: a frame while zooming and moving", values: frames, unit: "ms", bound: 50 },
      { what: "100,000 steps: growth of the extension host", values: grown, unit: "MB", bound: 20 },
    ];
  } finally {
    await long.close();
  }
}

/** Milliseconds of each frame while keys zoom and move the curves. */
async function framesWhileMoving(frame: Frame, { page }: Workbench): Promise<number[]> {
  await frame.locator(".chart-plot").first().focus();
  await frame.evaluate(`(() => {
    const seen = []; let last = performance.now(); let on = true;
    const next = (now) => { seen.push(now - last); last = now; if (on) requestAnimationFrame(next); };
    requestAnimationFrame(next);
    window.stopWatching = () => { on = false; return seen; };
  })()`);
  for (let round = 0; round < 8; round++) await page.keyboard.press("+");
  for (let round = 0; round < 10; round++)
    await page.keyboard.press(round % 2 === 0 ? "Shift+ArrowLeft" : "Shift+ArrowRight");
  for (let round = 0; round < 8; round++) await page.keyboard.press("-");
  return await frame.evaluate<number[]>("window.stopWatching()");
}

/** Milliseconds from the command "Translate A to B" to the written file. */
async function translation(packed: string): Promise<Figure[]> {
  return await inWindow(packed, async (vscode, folder) => {
    const names = Array.from({ length: rounds + 1 }, (_, at) => `picture-${at}`);
    writeTree(folder, Object.fromEntries(names.map((name, at) => [`${name}.png`, noise(at + 1, 256, 256)])));
    const run = await SampleRun.start(vscode);
    await run.reach(200);
    await run.stop();
    const times: number[] = [];
    for (const name of names) {
      const begun = Date.now();
      const written = vscode.host.executeCommand(
        "revgan.translateAToB",
        fileArgument(join(folder, `${name}.png`)),
        [],
        { run: run.argument },
      );
      const result = join(folder, `${name}.AtoB.png`);
      const at = await until(result, () => Promise.resolve(statSync(result, { throwIfNoEntry: false })?.mtimeMs));
      times.push(at - begun);
      await written;
    }
    return [
      { what: "translation of a 256² picture, first", values: times.slice(0, 1), unit: "ms", bound: null },
      { what: "translation of a 256² picture, from the second on", values: times.slice(1), unit: "ms", bound: 500 },
    ];
  });
}

async function inWindow<T>(packed: string, use: (vscode: Workbench, folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "revgan-bench-"));
  const vscode = await Workbench.start({ folders: [folder], extensions: [packed], theme: "dark" });
  try {
    return await use(vscode, folder);
  } finally {
    await vscode.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
