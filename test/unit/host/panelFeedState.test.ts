import { describe, expect, it } from "vitest";
import {
  afterFeedEvent,
  type FeedEvent,
  type FeedState,
  initialFeedState,
  needsUpdate,
} from "../../../extension/host/panelFeedState";

const after = (...events: readonly FeedEvent[]): FeedState => events.reduce(afterFeedEvent, initialFeedState);
const view = { run: "a", hasConfig: true };
const snapshot: FeedEvent = { type: "viewSent", view, isSnapshot: true };
const opened: FeedEvent = { type: "opened", run: "a" };
const steps = (fromStep: number): FeedEvent => ({ type: "changed", change: { fromStep } });

describe("the state of a page's feed", () => {
  it("needs no update before the snapshot, which holds every earlier change", () => {
    expect(needsUpdate(after(opened, steps(3)))).toBe(false);
    const state = after(opened, steps(3), snapshot);
    expect([state.sent, state.pending.fromStep, needsUpdate(state)]).toEqual([{ view }, Infinity, false]);
  });

  it("merges changes until they are taken, from the first outdated step on", () => {
    const state = after(opened, snapshot, steps(7), steps(5), steps(9), { type: "changed", change: { samples: true } });
    expect(state.pending).toEqual({ runs: false, fromStep: 5, samples: true, memory: false });
    expect(needsUpdate(state)).toBe(true);
    expect(needsUpdate(afterFeedEvent(state, { type: "pendingTaken" }))).toBe(false);
  });

  it("sends one update at a time: changes during an update are due after its end", () => {
    const updating = after(opened, snapshot, steps(1), { type: "updateStarted" }, { type: "pendingTaken" }, steps(2));
    expect(needsUpdate(updating)).toBe(false);
    const ended = afterFeedEvent(updating, { type: "updateEnded" });
    expect([needsUpdate(ended), ended.pending.fromStep]).toEqual([true, 2]);
  });

  it("forgets pending steps when another run is opened or a view is sent, and keeps other changes", () => {
    const changed = after(opened, snapshot, steps(4), { type: "changed", change: { runs: true } });
    for (const event of [
      { type: "opened", run: "b" },
      { type: "viewSent", view, isSnapshot: false },
    ] as const) {
      const { pending } = afterFeedEvent(changed, event);
      expect([pending.fromStep, pending.runs]).toEqual([Infinity, true]);
    }
    expect(afterFeedEvent(changed, { type: "opened", run: "b" }).sent).toEqual({ view: null });
  });

  it("holds nothing after the page was reset, and a view alone does not count as a snapshot", () => {
    const reset = after(opened, snapshot, { type: "pageReset" });
    expect(reset.sent).toBeNull();
    expect(afterFeedEvent(reset, { type: "viewSent", view, isSnapshot: false }).sent).toBeNull();
    expect(needsUpdate(afterFeedEvent(reset, steps(1)))).toBe(false);
  });

  it("keeps the run that was requested last, until another one is", () => {
    const requested = (run: string | null): FeedEvent => ({ type: "requested", run });
    expect(after(requested("a"), requested(null)).requested).toBe("a");
    expect(after(requested("a"), requested("b")).requested).toBe("b");
  });

  it("sends nothing after it was disposed, also when a snapshot was being made", () => {
    const state = after(opened, { type: "disposed" }, snapshot, steps(1));
    expect([state.sent, needsUpdate(state)]).toEqual([null, false]);
  });
});
