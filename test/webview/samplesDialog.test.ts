import type { Locator } from "playwright-core";
import { afterAll, expect, test } from "vitest";
import { sampleName, volumeSlices } from "../../extension/protocol/runFileNames";
import { accessibilityFaults } from "../support/browser/axe";
import { dialog, direction, imageAt, picture, slider } from "./samplesPage";
import { eventually, opened, says } from "./support/opened";
import { closeBrowser, type OpenPage } from "./support/page";
import { exampleSnapshot, exampleSummary, exampleView, samplesBase, sampleSteps } from "./support/runs";

afterAll(closeBrowser);

const run = exampleSummary();
const staged = (open: OpenPage): Promise<string[]> =>
  dialog(open)
    .locator(".dialog-stage img")
    .evaluateAll((images) => images.map((image) => (image as unknown as { alt: string }).alt));

async function openDialog(name = "a-translated-1.png", step = 600): Promise<OpenPage> {
  const open = await opened();
  const index = Number(/\d/.exec(name)![0]);
  await open.page.getByRole("radio", { name: `Picture ${index + 1}` }).click();
  if (name.startsWith("b")) await direction(open, "B → A").click();
  await imageAt(open, name, step).waitFor();
  await picture(open, name).getByRole("button").focus();
  await open.page.keyboard.press("Enter");
  await dialog(open).locator("img").first().waitFor();
  return open;
}

test("the dialog is left with Escape, and the focus goes back to the picture", async () => {
  const open = await openDialog();
  expect(await staged(open)).toEqual(["Picture 2, A to B, step 600"]);
  for (let i = 0; i < 30; i++) {
    await open.page.keyboard.press("Tab");
    expect(
      await open.page.evaluate(
        `document.activeElement === document.body || document.querySelector("dialog").contains(document.activeElement)`,
      ),
    ).toBe(true);
  }
  await open.page.keyboard.press("Escape");
  await dialog(open).waitFor({ state: "hidden" });
  expect(await open.page.evaluate(`document.activeElement.closest("[data-picture]")?.dataset.picture`)).toBe(
    "a-translated-1.png",
  );
});

test("arrows in the dialog go through time and pictures, and the slider goes with them", async () => {
  const open = await openDialog();
  const shows = (words: string) => eventually(words, async () => (await staged(open)).join() === words);
  await open.page.keyboard.press("ArrowLeft");
  await shows("Picture 2, A to B, step 500");
  await open.page.keyboard.press("ArrowDown");
  await shows("Picture 2, back to A, step 500");
  await open.page.keyboard.press("ArrowUp");
  await open.page.keyboard.press("ArrowUp");
  await shows("Picture 2, A, step 500");
  await open.page.keyboard.press("Home");
  await shows("Picture 2, A, step 100");
  await open.page.keyboard.press("ArrowLeft");
  await shows("Picture 2, A, step 100");
  const earlier = dialog(open).getByRole("button", { name: "Earlier step" });
  await eventually("an end", async () => (await earlier.getAttribute("aria-disabled")) === "true");
  await dialog(open).getByRole("button", { name: "Later step" }).click();
  await shows("Picture 2, A, step 200");
  expect(await slider(open).getAttribute("aria-valuetext")).toBe("step 200, 2 of 6");
});

test("a picture stands beside its input, at as many pixels as asked for, each a sharp square", async () => {
  const open = await openDialog("b-cycled-0.png");
  await dialog(open).getByRole("button", { name: "Beside the input" }).click();
  await eventually(
    "two pictures",
    async () => (await staged(open)).join() === "Picture 1, B, step 600,Picture 1, back to B, step 600",
  );
  for (const [zoom, width] of [
    ["1×", 128],
    ["4×", 512],
  ] as const) {
    await dialog(open).getByRole("button", { name: zoom }).click();
    const sizes = await dialog(open)
      .locator(".dialog-stage img")
      .evaluateAll((images) => images.map((image) => (image as unknown as { width: number }).width));
    expect(sizes).toEqual([width, width]);
  }
  expect(
    await dialog(open)
      .locator("img")
      .first()
      .evaluate(
        (image) =>
          (
            globalThis as unknown as { getComputedStyle(element: unknown): { imageRendering: string } }
          ).getComputedStyle(image).imageRendering,
      ),
  ).toBe("pixelated");
  await dialog(open).getByRole("button", { name: "Fit" }).click();
  const [stage, image] = await Promise.all([
    dialog(open).locator(".dialog-stage").boundingBox(),
    dialog(open).locator("img").last().boundingBox(),
  ]);
  expect(image!.x + image!.width).toBeLessThanOrEqual(stage!.x + stage!.width);
  expect(image!.width % 128).toBeCloseTo(0, 3);
});

test("the shown picture is saved", async () => {
  const open = await openDialog();
  await open.page.keyboard.press("ArrowLeft");
  await dialog(open).getByRole("button", { name: "Save Picture…" }).click();
  await says(open, { type: "saveSample", run: run.id, step: 500, picture: "a-translated-1.png" });
});

test("the dialog closes when another run is shown", async () => {
  const open = await openDialog();
  await open.send({ type: "run", view: exampleView({ id: "/data/runs/older" }) });
  await dialog(open).waitFor({ state: "hidden" });
});

test("a slider goes through volumes, in the samples and in the dialog; pictures have none", async () => {
  const snapshot = exampleSnapshot();
  const pictures = volumeSlices.flatMap((slice) =>
    (["input", "translated"] as const).map((kind) => sampleName({ domain: "a", kind, index: 0, slice })),
  );
  const open = await opened({
    snapshot: {
      ...snapshot,
      shown: { ...exampleView(), samples: { base: samplesBase, steps: sampleSteps(640), pictures } },
    },
  });
  const through = open.page.getByRole("slider", { name: "Place in the volume" });
  const shows = (name: string, within: Locator): Promise<void> =>
    within.locator(`img[src$="000600/${name}"]`).first().waitFor();
  const group = open.page.locator(".samples-large");
  await shows("a-translated-0.png", group);
  expect(await group.locator("img").count()).toBe(2);
  expect(await through.getAttribute("aria-valuetext")).toBe("50 % of the way through");
  await through.focus();
  await open.page.keyboard.press("ArrowRight");
  await shows("a-translated-0.60.png", group);
  expect(await open.page.locator(".samples-place:visible").innerText()).toBe("Slices at 60 %");
  await picture(open, "a-translated-0.png").getByRole("button").click();
  await shows("a-translated-0.60.png", dialog(open));
  await open.page.keyboard.press("PageUp");
  await shows("a-translated-0.70.png", dialog(open));
  await dialog(open).getByRole("slider", { name: "Place in the volume" }).focus();
  await open.page.keyboard.press("Home");
  await shows("a-translated-0.10.png", dialog(open));
  expect(await dialog(open).getByRole("heading").innerText()).toContain("step 600");
  expect(await accessibilityFaults(open.page)).toEqual([]);
  await dialog(open).getByRole("button", { name: "Save Picture…" }).click();
  await eventually("the wish", () =>
    Promise.resolve(
      open.sent().some((message) => message.type === "saveSample" && message.picture === "a-translated-0.10.png"),
    ),
  );
  await open.page.keyboard.press("Escape");
  await shows("a-translated-0.10.png", group);
  const flat = await opened();
  await imageAt(flat, "b-translated-0.png", 600).waitFor();
  expect(await flat.page.getByRole("slider", { name: "Place in the volume" }).count()).toBe(0);
});
