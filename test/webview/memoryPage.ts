import type { Locator } from "playwright-core";
import type { MemoryLine, StepLine } from "../../extension/protocol/lines";
import type { MemoryMeasurements } from "../../extension/protocol/panel";
import { MemoryTheory } from "../../extension/trainer/memoryTheory/memoryTheory";
import { StepColumns } from "../../extension/protocol/stepColumns";
import { opened } from "./support/opened";
import type { OpenPage, PageOptions } from "./support/page";
import {
  exampleConfig,
  exampleSnapshot,
  exampleSummary,
  exampleView,
  stepLines,
  type ExampleRun,
  type Snapshot,
} from "./support/runs";

/** A panel with measurements of memory, and where its chart is. */

export const modes = ["store", "checkpoint", "recompute"] as const;
export const exampleTheory = new MemoryTheory(exampleConfig);
export const lastLine = stepLines(1, 640).at(-1)!;
export const lines: MemoryLine[] = [2, 8, 16].flatMap((depth) => modes.map((backprop) => lineOf(depth, backprop)));

/** A measurement a little above the theory. */
function lineOf(depth: number, backprop: (typeof modes)[number]): MemoryLine {
  const theory = exampleTheory.at({ depth, backprop });
  const more = Math.round(theory.peak / 50);
  return {
    type: "memory",
    depth,
    backprop,
    theory,
    measured: { ...theory, peak: theory.peak + more, activations: theory.activations + more },
    residentBytes: 600_000_000 + depth,
    seconds: 1,
  };
}

export function snapshotWith(memory: MemoryMeasurements, example: ExampleRun = {}): Snapshot {
  return { ...exampleSnapshot(example), shown: { ...exampleView(example), memory } };
}

export const measured = snapshotWith({ lines, measuring: null });
export const chart = (open: OpenPage): Locator => open.page.locator(".memory .memory-svg");
export const slider = (open: OpenPage): Locator =>
  open.page.getByRole("slider", { name: "Memory against depth: number of blocks" });
export const button = (open: OpenPage, name: string): Locator =>
  open.page.locator(".memory").getByRole("button", { name, exact: true });
export const legend = async (open: OpenPage): Promise<string> =>
  (await open.page.getByRole("table", { name: "Legend and values" }).innerText()).replace(/\s+/g, " ").trim();

/** A page with its theory, for which it asks. */
export async function openMemory(options: PageOptions = {}): Promise<OpenPage> {
  const open = await opened({ snapshot: measured, ...options });
  await chart(open).locator(".memory-curve").first().waitFor({ state: "attached" });
  return open;
}

export async function giveStep(open: OpenPage, line: StepLine): Promise<void> {
  const columns = new StepColumns();
  columns.append(line);
  await open.send({
    type: "steps",
    run: exampleSummary().id,
    from: line.step - 1,
    steps: columns.encode(),
    lastStepLine: line,
    validations: [],
  });
}
