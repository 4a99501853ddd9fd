import { describe, expect, test } from "vitest";
import type { ToWebview } from "../../../../extension/protocol/panel";
import { StepColumns, type EncodedSteps } from "../../../../extension/protocol/stepColumns";
import { afterMessage, emptyState, type PanelState } from "../../../../webview/state/panelState";
import { comparisonOf } from "../../../webview/support/comparison";
import { exampleSnapshot, exampleSummary, exampleView, stepLines } from "../../../webview/support/runs";

const example = { steps: 100 };
const { id } = exampleSummary(example);
const shown = (): PanelState => afterMessage(emptyState, exampleSnapshot(example));

function encoded(from: number, to: number): EncodedSteps {
  const columns = new StepColumns();
  for (const line of stepLines(from, to)) columns.append(line);
  return columns.encode();
}

const stepsMessage = (from: number, steps: EncodedSteps, run = id): ToWebview => ({
  type: "steps",
  run,
  from,
  steps,
  lastStepLine: null,
  validations: [],
});

test("a snapshot replaces everything", () => {
  const theory = { points: [], problem: "none" };
  const before = [
    { type: "figures", run: id, step: 100, figures: {} } as const,
    { type: "theory", run: id, theory } as const,
  ].reduce<PanelState>(afterMessage, shown());
  expect(before.theory).toBe(theory);
  const after = afterMessage(before, { ...exampleSnapshot(), runs: [], shown: null });
  expect(after).toMatchObject({ runs: [], shown: null, comparison: [] });
  expect(after.figures.size).toBe(0);
  expect(after.theory).toBeNull();
});

describe("steps", () => {
  test("are appended at their place, and the revision tells", () => {
    const before = shown();
    const after = afterMessage(before, stepsMessage(100, encoded(101, 103)));
    expect([...after.shown!.steps.column("step")].slice(-4)).toEqual([100, 101, 102, 103]);
    expect(after.shown!.revision).not.toBe(before.shown!.revision);
  });

  test("replace those from their place on: a run that was resumed takes them again", () => {
    const after = afterMessage(shown(), stepsMessage(50, encoded(51, 60)));
    expect(after.shown!.steps.length).toBe(60);
    expect(after.shown!.steps.column("step").at(-1)).toBe(60);
  });

  test("that leave a gap are an error", () => {
    expect(() => afterMessage(shown(), stepsMessage(101, encoded(102, 103)))).toThrow(
      "steps from 101 on came while 100 are here",
    );
  });

  test("of a run that is not shown any more change nothing", () => {
    const before = shown();
    expect(afterMessage(before, stepsMessage(100, encoded(101, 103), "/another"))).toBe(before);
  });
});

test("the list of runs brings the head's news with it", () => {
  const after = afterMessage(shown(), {
    type: "runs",
    runs: [exampleSummary({ ...example, state: "paused" })],
    actions: ["newRun"],
  });
  expect(after.shown!.run.state).toBe("paused");
  expect(after.shown!.steps.length).toBe(100);
  expect(after.actions).toEqual(["newRun"]);
});

test("a run that is not in the list stays shown: the host says when it goes", () => {
  expect(afterMessage(shown(), { type: "runs", runs: [], actions: [] }).shown!.run.id).toBe(id);
});

test("another run ends the comparison and forgets the figures", () => {
  let state = afterMessage(shown(), comparisonOf([{ run: exampleSummary({ id: "/other" }), steps: encoded(1, 5) }]));
  state = afterMessage(state, { type: "figures", run: id, step: 100, figures: { "a-0": { mae: 3 } } });
  expect(state.comparison[0]?.steps.length).toBe(5);
  expect(state.figures.get(100)).toEqual({ "a-0": { mae: 3 } });
  const after = afterMessage(state, { type: "run", view: exampleView({ id: "/other", steps: 5 }) });
  expect([after.shown!.run.id, after.comparison, after.figures.size]).toEqual(["/other", [], 0]);
});

test("parts that did not change stay the same objects", () => {
  const before = shown();
  const after = afterMessage(before, {
    type: "samples",
    run: id,
    samples: { base: "samples/", steps: [100], pictures: [] },
  });
  expect(after.shown!.memory).toBe(before.shown!.memory);
  expect(after.shown!.revision).toBe(before.shown!.revision);
  expect(after.runs).toBe(before.runs);
});

test("a comparison that the page did not ask for is chosen there, and one of a command is to be seen at once", () => {
  const other = { run: exampleSummary({ id: "/other" }), steps: encoded(1, 5) };
  const here = afterMessage(shown(), comparisonOf([other]));
  expect([here.preset, here.view, here.reveals, here.costAndQuality?.line?.kind]).toEqual([
    [],
    shown().view,
    0,
    "revgan",
  ]);
  const before = afterMessage(shown(), comparisonOf([other], "before"));
  expect([before.preset, before.view, before.reveals]).toEqual([["/other"], shown().view + 1, 0]);
  const elsewhere = afterMessage(before, comparisonOf([other], "elsewhere"));
  expect([elsewhere.preset, elsewhere.reveals]).toEqual([["/other"], 1]);
  const after = afterMessage(elsewhere, { type: "run", view: exampleView({ id: "/other", steps: 5 }) });
  expect([after.comparison, after.preset, after.costAndQuality, after.reveals]).toEqual([[], [], null, 1]);
});
