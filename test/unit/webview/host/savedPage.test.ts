import { expect, test } from "vitest";
import type { Transport } from "../../../../webview/host/host";
import { SavedPage } from "../../../../webview/host/savedPage";

/** A page's storage; its connection is not used. */
function storage(value: unknown): Transport & { readonly value: unknown } {
  let kept = value;
  return {
    get value() {
      return kept;
    },
    post: () => undefined,
    savedState: () => kept,
    saveState: (state) => (kept = state),
  };
}

test("what a page kept is taken only when it is of this version", () => {
  expect(new SavedPage(storage({ version: 1, run: "/runs/one" })).run).toBe("/runs/one");
  for (const other of [
    undefined,
    null,
    "text",
    {},
    { version: 1 },
    { version: 2, run: "/runs/one" },
    { version: 1, run: 3 },
    { version: 1, run: "/runs/one", dismissed: ["discriminatorWon"] },
  ])
    expect(new SavedPage(storage(other)).run).toBeNull();
});

test("a hint is dismissed for its run alone, also after a reload and when another run was shown", () => {
  const kept = storage(undefined);
  const page = new SavedPage(kept);
  page.run = "/runs/one";
  page.dismiss("/runs/one", "discriminatorWon");
  page.run = "/runs/two";
  const reloaded = new SavedPage(kept);
  expect(reloaded.run).toBe("/runs/two");
  expect(reloaded.isDismissed("/runs/one", "discriminatorWon")).toBe(true);
  expect(reloaded.isDismissed("/runs/one", "validationRises")).toBe(false);
  expect(reloaded.isDismissed("/runs/two", "discriminatorWon")).toBe(false);
});

test("the latest hundred are remembered", () => {
  const page = new SavedPage(storage(undefined));
  for (let i = 0; i <= 100; i++) page.dismiss(`/runs/${i}`, "discriminatorWon");
  expect(page.isDismissed("/runs/0", "discriminatorWon")).toBe(false);
  expect([1, 100].map((i) => page.isDismissed(`/runs/${i}`, "discriminatorWon"))).toEqual([true, true]);
});
