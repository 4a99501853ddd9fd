import { afterAll, expect, test } from "vitest";
import { giveStep, lastLine, lines, measured, openMemory, snapshotWith } from "./memoryPage";
import { eventually, opened } from "./support/opened";
import { closeBrowser } from "./support/page";

afterAll(closeBrowser);

test("what a GPU holds stands between the tensors and the process, and in the table where it was measured", async () => {
  const onGpu = { ...lastLine, step: 641, gpuBytes: 1_187_000_000 };
  const side = await opened({ view: "side", width: 220, snapshot: measured });
  await giveStep(side, onGpu);
  const words = side.page.getByRole("region", { name: "Memory", exact: true });
  await eventually(
    "the new figure",
    async () => (await words.innerText()).replace(/\s+/g, " ") === "tensors 178 MB GPU 1.19 GB resident 620 MB",
  );

  const open = await openMemory({
    snapshot: snapshotWith({
      lines: lines.map((line) => ({ ...line, gpuBytes: 1_187_000_000 + line.depth })),
      measuring: null,
    }),
  });
  await giveStep(open, onGpu);
  const notes = open.page.locator(".memory-breakdown .memory-note:visible");
  await eventually(
    "the notes",
    async () =>
      (await notes.allInnerTexts()).join(" ") ===
      "The process takes 1.19 GB of the GPU's memory; the tensors are a part of it. It takes 620 MB of the system's memory beside it.",
  );
  await open.page.locator(".memory summary").click();
  const { depth, backprop } = lines[0]!;
  expect(await open.page.locator(".memory-scroll th[scope=col]").last().innerText()).toBe("GPU");
  expect(
    await open.page
      .locator(`.memory-scroll tr[data-depth="${depth}"][data-mode="${backprop}"] td`)
      .last()
      .getAttribute("data-bytes"),
  ).toBe(String(1_187_000_000 + depth));
});
