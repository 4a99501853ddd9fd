import { describe, expect, it } from "vitest";
import {
  afterEvent,
  initialState,
  isOver,
  type TrainingEvent,
  type TrainingState,
} from "../../../extension/host/trainingState";

const failure = { code: "diverged", message: "loss G_A is not a number", remedy: "lower the learning rate" } as const;
const hello: TrainingEvent = { type: "hello", protocol: 1, version: "0.1.0", node: "v20", pid: 1 };
const state = (name: "running" | "paused" | "stopping"): TrainingEvent => ({ type: "state", state: name });

const after = (...events: TrainingEvent[]): TrainingState => events.reduce(afterEvent, initialState);

describe("a training", () => {
  it("starts, and says what it does before its first step", () => {
    expect(initialState).toEqual({ name: "starting", note: "Starting the trainer" });
    expect(after(hello)).toEqual({ name: "starting", note: "Checking the data" });
    expect(after(hello, { type: "note", level: "info", text: "Loading TensorFlow" })).toEqual({
      name: "starting",
      note: "Loading TensorFlow",
    });
  });

  it("keeps what it says when it warns, and says nothing more of its start once it runs", () => {
    expect(after(hello, { type: "note", level: "warning", text: "3 files are left out" })).toEqual({
      name: "starting",
      note: "Checking the data",
    });
    expect(after(hello, state("running"), { type: "note", level: "info", text: "late" }, hello)).toEqual({
      name: "running",
    });
  });

  it("pauses and goes on", () => {
    expect(after(hello, state("running"), state("paused"))).toEqual({ name: "paused", why: null });
    expect(after(hello, state("running"), { type: "state", state: "paused", why: "the disk is full" })).toEqual({
      name: "paused",
      why: "the disk is full",
    });
    expect(after(hello, state("running"), state("paused"), state("running"))).toEqual({ name: "running" });
  });

  it("is stopping as soon as the user asks, whatever was under way", () => {
    expect(after(hello, { type: "stopRequested" })).toEqual({ name: "stopping" });
    expect(after(hello, state("running"), { type: "stopRequested" }, state("running"), state("paused"))).toEqual({
      name: "stopping",
    });
  });

  it("is finished, stopped or failed by its own word", () => {
    expect(after(hello, state("running"), { type: "ended", failure: null })).toEqual({ name: "finished" });
    expect(
      after(hello, { type: "stopRequested" }, { type: "ended", failure: { ...failure, code: "interrupted" } }),
    ).toEqual({ name: "stopped" });
    expect(after(hello, state("running"), { type: "ended", failure })).toEqual({ name: "failed", failure });
  });

  it("that goes without a word has failed, unless it was asked to stop", () => {
    expect(after(hello, state("running"), { type: "exited", failure })).toEqual({ name: "failed", failure });
    expect(after(hello, state("running"), { type: "stopRequested" }, { type: "exited", failure })).toEqual({
      name: "stopped",
    });
  });

  it.each([
    { type: "ended", failure: null },
    { type: "ended", failure },
    { type: "ended", failure: { ...failure, code: "interrupted" } },
  ] satisfies TrainingEvent[])("that is over stays so", (end) => {
    const over = after(hello, state("running"), end);
    expect(isOver(over)).toBe(true);
    for (const event of [
      hello,
      state("running"),
      { type: "stopRequested" },
      { type: "exited", failure },
    ] satisfies TrainingEvent[])
      expect(afterEvent(over, event)).toBe(over);
  });

  it.each([
    [],
    [hello],
    [hello, state("running")],
    [hello, state("paused")],
    [hello, { type: "stopRequested" }],
  ] satisfies TrainingEvent[][])("is not over before that", (...events) => {
    expect(isOver(after(...events))).toBe(false);
  });
});
