import { afterAll, expect, test } from "vitest";
import type { SampleFigures } from "../../extension/protocol/panel";
import { accessibilityFaults } from "../support/browser/axe";
import { dialog, direction, imageAt, picture, slider } from "./samplesPage";
import { expectNoFaultsInAnyTheme } from "./support/everyTheme";
import { eventually, focusedName, opened, says } from "./support/opened";
import { closeBrowser, openPage, type OpenPage } from "./support/page";
import { pictureNames } from "./support/pictures";
import { exampleSnapshot, exampleSummary, exampleView, samplesBase, sampleSteps } from "./support/runs";

afterAll(closeBrowser);

const run = exampleSummary();
/** The words for the pictures in a part of the samples. */
const wordsOf = (open: OpenPage, part: string): Promise<string[]> =>
  open.page
    .locator(`${part} figure:visible img`)
    .evaluateAll((images) => images.map((image) => (image as unknown as { alt: string }).alt));
const asked = (open: OpenPage): number[] =>
  open.sent().flatMap((message) => (message.type === "figures" ? [message.step] : []));

test("samples and their dialog have no accessibility faults in any theme", async () => {
  const open = await opened();
  await imageAt(open, "b-translated-0.png", 600).waitFor();
  await expectNoFaultsInAnyTheme(open);
  await picture(open, "a-input-0.png").getByRole("button").click();
  await dialog(open).locator("img").first().waitFor();
  await dialog(open).getByRole("button", { name: "Beside the input" }).click();
  await expectNoFaultsInAnyTheme(open);
});

test("a sample is shown with its translation, the way back and the other direction, each with words that say what it is", async () => {
  const open = await opened();
  await imageAt(open, "b-translated-0.png", 600).waitFor();
  await eventually("the large pictures", async () => (await wordsOf(open, ".samples-large")).length === 2);
  expect(await wordsOf(open, ".samples-large")).toEqual(["Picture 1, A, step 600", "Picture 1, A to B, step 600"]);
  expect(await wordsOf(open, ".samples-aside")).toEqual([
    "Picture 1, back to A, step 600",
    "Picture 1, B, step 600",
    "Picture 1, B to A, step 600",
  ]);
  await direction(open, "B → A").click();
  await imageAt(open, "b-cycled-0.png", 600).waitFor();
  expect(await wordsOf(open, ".samples-large")).toEqual(["Picture 1, B, step 600", "Picture 1, B to A, step 600"]);
});

test("another sample is chosen with a click and with the arrow keys, and keeps to it at other steps", async () => {
  const open = await opened();
  const strip = open.page.getByRole("radiogroup", { name: "Sample pictures" });
  const chosen = strip.locator('[aria-checked="true"]');
  await strip.getByRole("radio", { name: "Picture 3" }).click();
  await imageAt(open, "a-translated-2.png", 600).waitFor();
  await open.page.keyboard.press("ArrowLeft");
  await imageAt(open, "a-translated-1.png", 600).waitFor();
  expect(await focusedName(open)).toBe("Picture 2");
  await open.page.keyboard.press("End");
  await open.page.keyboard.press("ArrowRight");
  expect([await chosen.getAttribute("aria-label"), await chosen.count()]).toEqual(["Picture 3", 1]);
  await open.page.keyboard.press("Home");
  await imageAt(open, "a-translated-0.png", 600).waitFor();
  await open.page.keyboard.press("ArrowDown");
  await slider(open).focus();
  await open.page.keyboard.press("ArrowLeft");
  await imageAt(open, "a-translated-1.png", 500).waitFor();
});

test("a film shows the steps one after another and ends at the latest; who wants no motion has no film", async () => {
  const open = await opened();
  await imageAt(open, "a-translated-0.png", 600).waitFor();
  const film = open.page.getByRole("button", { name: "Film" });
  await open.page.evaluate(`(() => {
    window.steps = [];
    const step = document.querySelector("output.samples-step");
    new MutationObserver(() => window.steps.push(step.textContent)).observe(step, { childList: true, subtree: true, characterData: true });
  })()`);
  await film.click();
  expect(await film.getAttribute("aria-pressed")).toBe("true");
  await eventually("its end", async () => (await film.getAttribute("aria-pressed")) === "false");
  expect(await open.page.evaluate("window.steps")).toEqual(sampleSteps(640).map((step) => `Step ${step}`));
  const latest = open.page.locator(".samples").getByRole("button", { name: "Latest" });
  expect(await latest.getAttribute("aria-pressed")).toBe("true");
  await open.page.evaluate(`document.body.classList.add("vscode-reduce-motion")`);
  await film.waitFor({ state: "hidden" });
});

test("a network that translates A to B alone has the pictures of that way, and no choice of direction", async () => {
  const snapshot = exampleSnapshot();
  const pictures = ["a-input-0.png", "a-translated-0.png"];
  const open = await opened({
    snapshot: {
      ...snapshot,
      shown: { ...exampleView(), samples: { base: samplesBase, steps: sampleSteps(640), pictures } },
    },
  });
  await imageAt(open, "a-translated-0.png", 600).waitFor();
  expect(await open.page.locator(".samples figcaption:visible").allInnerTexts()).toEqual(["A", "A to B"]);
  expect(await open.page.getByRole("group", { name: "Direction" }).count()).toBe(0);
  expect(await open.page.getByRole("radiogroup", { name: "Sample pictures" }).count()).toBe(0);
});

test("the slider goes through the steps by keyboard, and says which one it is at", async () => {
  const open = await opened();
  await slider(open).focus();
  expect(await slider(open).getAttribute("aria-valuetext")).toBe("step 600, 6 of 6");
  await open.page.keyboard.press("ArrowLeft");
  await imageAt(open, "a-translated-0.png", 500).waitFor();
  expect(await slider(open).getAttribute("aria-valuetext")).toBe("step 500, 5 of 6");
  await open.page.keyboard.press("Home");
  await imageAt(open, "a-translated-0.png", 100).waitFor();
  expect(await open.page.locator("output.samples-step").innerText()).toBe("Step 100");
});

test("new samples are followed until another step is chosen, and again from Latest on", async () => {
  const open = await opened();
  const give = (step: number) =>
    open.send({
      type: "samples",
      run: run.id,
      samples: { base: samplesBase, steps: sampleSteps(step), pictures: pictureNames },
    });
  await give(700);
  await imageAt(open, "a-translated-0.png", 700).waitFor();
  await slider(open).focus();
  await open.page.keyboard.press("ArrowLeft");
  await imageAt(open, "a-translated-0.png", 600).waitFor();
  await give(900);
  await eventually(
    "the longer slider",
    async () => (await slider(open).getAttribute("aria-valuetext")) === "step 600, 6 of 9",
  );
  await imageAt(open, "a-translated-0.png", 600).waitFor();
  const latest = open.page.locator(".samples").getByRole("button", { name: "Latest" });
  expect(await latest.getAttribute("aria-pressed")).toBe("false");
  await latest.click();
  await imageAt(open, "a-translated-0.png", 900).waitFor();
  await give(1000);
  await imageAt(open, "a-translated-0.png", 1000).waitFor();
  expect(await latest.getAttribute("aria-pressed")).toBe("true");
});

test("a picture stays until the next one is there, and its place keeps the focus", async () => {
  const open = await opened();
  await imageAt(open, "a-translated-0.png", 600).waitFor();
  await open.page.evaluate(`(() => {
    window.blanks = 0;
    const frame = document.querySelector('[data-picture="a-translated-0.png"] .picture-frame');
    new MutationObserver(() => { if (!frame.querySelector("img")?.complete) window.blanks++; }).observe(frame, { childList: true, subtree: true });
    window.marked = document.querySelector('[data-picture="a-input-0.png"] button');
    window.marked.focus();
  })()`);
  for (const step of [700, 800, 900]) {
    await open.send({
      type: "samples",
      run: run.id,
      samples: { base: samplesBase, steps: sampleSteps(step), pictures: pictureNames },
    });
    await imageAt(open, "a-translated-0.png", step).waitFor();
  }
  expect(await open.page.evaluate("[window.blanks, document.activeElement === window.marked]")).toEqual([0, true]);
});

test("updates that bring no samples leave the pictures alone", async () => {
  const open = await opened();
  // Two large ones, three small ones, and two for each of three samples.
  await eventually("all pictures", async () => (await open.page.locator(".samples img").count()) === 11);
  await open.page.evaluate(
    `(() => { window.changes = 0; new MutationObserver((all) => { window.changes += all.length; }).observe(document.querySelector(".samples"), { childList: true, subtree: true, attributes: true, characterData: true }); })()`,
  );
  for (let i = 0; i < 5; i++)
    await open.send({ type: "runs", runs: [exampleSummary({ steps: 641 + i })], actions: [] });
  await open.page.locator(".facts", { hasText: "645 of 2,560" }).waitFor();
  expect(await open.page.evaluate("window.changes")).toBe(0);
});

test("figures are asked for once a step, when the slider rests, and shown below the pictures that they are of", async () => {
  const open = await opened();
  await eventually("a request", () => asked(open).length === 1);
  await slider(open).evaluate((element) => {
    const range = element as unknown as { value: string; dispatchEvent(event: Event): void; focus(): void };
    range.focus();
    for (const place of ["4", "3", "2"]) {
      range.value = place;
      range.dispatchEvent(new Event("input"));
    }
  });
  await eventually("another request", () => asked(open).length === 2);
  expect(asked(open)).toEqual([600, 300]);
  const figures: SampleFigures = { "a-0": { mae: 12.34, psnr: 21.44, cycleMae: 3.21 } };
  await open.send({ type: "figures", run: run.id, step: 300, figures });
  await picture(open, "a-translated-0.png").getByText("PSNR 21.4 dB").waitFor();
  expect(await picture(open, "a-cycled-0.png").innerText()).toMatch(/^back to A\s+way\sback\s3\.2$/);
  await open.page.keyboard.press("End");
  await eventually(
    "no figures of another step",
    async () => (await picture(open, "a-cycled-0.png").innerText()) === "back to A",
  );
  await open.page.keyboard.press("ArrowLeft");
  await eventually("a third request", () => asked(open).length === 3);
  expect(asked(open)).toEqual([600, 300, 500]);
});

test("a run that is sent anew is asked for its figures anew", async () => {
  const open = await opened();
  await eventually("a request", () => asked(open).length === 1);
  await open.send({ type: "run", view: exampleView() });
  await eventually("another request", () => asked(open).length === 2);
  expect(asked(open)).toEqual([600, 600]);
});

test("names that are no pictures, whatever they hold, come to nothing", async () => {
  const snapshot = exampleSnapshot();
  const hostile = [
    "a-input-0.png",
    '"><img src=x onerror=alert(1)>',
    "a-input-0.png/../../secret.png",
    "javascript:alert(1)",
  ];
  const open = await opened({
    snapshot: {
      ...snapshot,
      shown: { ...exampleView(), samples: { base: samplesBase, steps: [100], pictures: hostile } },
    },
  });
  await imageAt(open, "a-input-0.png", 100).waitFor();
  expect(await open.page.locator(".samples [data-picture]:visible").count()).toBe(1);
});

test("without samples it says when the first one comes", async () => {
  const open = await opened({ snapshot: exampleSnapshot({ steps: 40 }) });
  await open.page.getByText("The first sample comes at step 100.").waitFor();
  expect(await slider(open).count()).toBe(0);
});

test("the side view has the newest sample's first pictures, and they open the panel", async () => {
  const open = await opened({ view: "side", width: 220 });
  const samples = open.page.getByRole("region", { name: "Newest samples" });
  await eventually("six pictures", async () => (await samples.locator("img").count()) === 6);
  expect(await samples.innerText()).toContain("Samples, step 600");
  expect(await open.page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(220);
  expect(await accessibilityFaults(open.page)).toEqual([]);
  await samples.getByRole("button").first().focus();
  await open.page.keyboard.press("Enter");
  await says(open, { type: "act", action: "openPanel", run: run.id });
  await open.send({
    type: "samples",
    run: run.id,
    samples: { base: samplesBase, steps: sampleSteps(700), pictures: pictureNames },
  });
  await samples.locator('img[alt="Picture 1, B to A, step 700"]').waitFor();
  expect(await focusedName(open)).toContain("A to B");
});

test("pictures that are missing are told of in words", async () => {
  const snapshot = exampleSnapshot();
  const samples = { base: samplesBase, steps: [100], pictures: ["a-input-0.png", "a-truth-0.png"] };
  const open = await openPage({ snapshot: null });
  try {
    await open.page.route("**/a-truth-0.png", (route) => route.fulfill({ status: 404 }));
    await open.send({ ...snapshot, shown: { ...exampleView(), samples } });
    await picture(open, "a-truth-0.png").getByText("No picture").waitFor();
    await imageAt(open, "a-input-0.png", 100).waitFor();
    expect(await picture(open, "a-truth-0.png").locator("img").count()).toBe(0);
    expect(
      await picture(open, "a-truth-0.png")
        .getByRole("button", { name: "Picture 1, true B, step 100: No picture" })
        .count(),
    ).toBe(1);
    expect(open.errors().filter((error) => !error.includes("404"))).toEqual([]);
  } finally {
    await open.close();
  }
});
