import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DecoderClient } from "../../extension/trainer/data/decoder/decoderClient";
import { jsonLines } from "../support/programs";
import { noise, wholeImage, writeTree } from "../support/images";
import { longPatience, until } from "../support/browser/until";
import { extent, isFull } from "../support/full";
import { chooseInContextMenu } from "../support/vscode/contextMenu";
import { describeVscode } from "../support/vscode/desktop";
import { Workbench } from "../support/vscode/workbench";
import { extensionFolder } from "./support/extensionFolder";

/** VS Code's name for the panel of a run of the sample data. */
const panelTitle = /^RevGAN: nuclei-labels-/;

/** The .vsix that a user would install, made for this platform. */
function packaged(folder: string): string {
  mkdirSync(folder);
  const { status, stdout, stderr } = spawnSync(process.execPath, ["packaging/run.mjs", "--out", folder], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim().split("\n").at(-1)!;
}

const installed = isFull ? "packaged" : "unpacked";

describe(`from an empty window to a translated picture, by clicks, with the ${installed} extension`, () => {
  let folder: string;
  let workspace: string;
  let vscode: Workbench;
  /** When the training was asked for, and what was said to be its cost. */
  let started: number;
  let promised: string;

  beforeAll(async () => {
    if (isFull) console.log(await describeVscode());
    folder = mkdtempSync(join(tmpdir(), "revgan-click-"));
    workspace = join(folder, "pictures of 'Zoë' & Co");
    writeTree(workspace, { "photos/tissue 1.png": noise(1, 96, 80) });
    vscode = await Workbench.start({
      folders: [workspace],
      extensions: [isFull ? packaged(join(folder, "package")) : extensionFolder],
      theme: "dark",
    });
  }, 300_000);

  afterAll(async () => {
    await vscode.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (): string => {
    const runs = join(workspace, ".revgan", "runs");
    return join(runs, readdirSync(runs)[0]!);
  };

  const metrics = (): { type: string; step: number; bytes?: { largestActivations?: number } }[] =>
    jsonLines(readFileSync(join(run(), "metrics.jsonl"), "utf8"));

  /** The progress of what was done goes by itself; an error would stay. */
  const nothingIsSaid = (): Promise<true> =>
    until(
      "the notifications to go",
      async () => ((await vscode.notifications.texts()).length === 0 ? true : undefined),
      () => vscode.notifications.texts(),
    );

  test("the side view offers the sample data, and one click trains on it", async () => {
    await vscode.views.open("RevGAN");
    expect(await vscode.views.text("Runs")).toContain("There are no runs in this workspace yet.");
    await vscode.screenshot("click-1-welcome");
    await vscode.views.click("Runs", "Try with Sample Data");
    started = performance.now();
    // Its time is estimated first.
    promised = await vscode.notifications.waitFor(/about \d/, longPatience);
    const panel = await vscode.webviews.frame(panelTitle, longPatience);
    await panel.getByText("Training", { exact: true }).first().waitFor();
    await vscode.statusBar.waitFor(/RevGAN \d+\/1600/);
    await vscode.screenshot("click-2-training");
  });

  test("losses, samples in both directions and the live memory point appear in the panel", async () => {
    const panel = await vscode.webviews.frame(panelTitle);
    for (const name of ["G_AB", "G_BA", "D_AB", "D_BA", "G_L1_A", "G_L1_B"])
      await panel
        .getByRole("button")
        .and(panel.getByTitle(name, { exact: true }))
        .waitFor();
    // Steps take the time that the machine needs for them; what is waited for after that is the page.
    const steps = () => Promise.resolve(metrics().filter(({ type }) => type === "step").length);
    await until("50 steps", async () => ((await steps()) >= 50 ? true : undefined), steps, longPatience);
    await until("samples of step 50 in both directions", async () => {
      const shown = await panel
        .locator("img")
        .evaluateAll((images) =>
          (images as unknown as { naturalWidth: number; src: string }[])
            .filter(({ naturalWidth }) => naturalWidth > 0)
            .map(({ src }) => src),
        );
      return shown.some((src) => src.includes("a-translated-0")) && shown.some((src) => src.includes("b-translated-0"))
        ? true
        : undefined;
    });
    const live = panel.locator(".memory-live");
    await live.waitFor();
    // The point is what the training's activations have really needed, to the byte.
    const bytes = Number(await live.getAttribute("data-bytes"));
    expect(metrics().map((line) => line.bytes?.largestActivations)).toContain(bytes);
    expect(await live.getAttribute("data-depth")).toBe("4");
    await vscode.screenshot("click-3-panel");
    await panel.getByRole("heading", { name: "Memory against depth" }).scrollIntoViewIfNeeded();
    await vscode.screenshot("click-4-memory");
  });

  test("and in the side view, with the run in the tree", async () => {
    expect(await vscode.views.tree("Runs").labels()).toEqual([
      expect.stringMatching(/^nuclei-labels-\d{8}-\d{6}.* training, step \d+ of 1600$/),
    ]);
    const side = await vscode.webviews.frame("RevGAN Live");
    await side.getByText("Training", { exact: true }).first().waitFor();
    await until("a translated sample", async () => ((await side.locator("img").count()) >= 2 ? true : undefined));
    expect(await side.locator("canvas").count()).toBeGreaterThan(0);
    await vscode.screenshot("click-5-side");
  });

  test(
    isFull ? "it finishes" : "Stop ends it with a whole checkpoint",
    async () => {
      const panel = await vscode.webviews.frame(panelTitle);
      if (isFull) {
        await panel.getByText("Finished", { exact: true }).first().waitFor({ timeout: 3_500_000 });
        console.log(`${promised} promised, ${Math.round((performance.now() - started) / 1000)} s taken`);
      } else {
        await panel.getByRole("button", { name: "Stop", exact: true }).click();
        await panel.getByText("Stopped", { exact: true }).first().waitFor();
      }
      const last = metrics()
        .filter(({ type }) => type === "step")
        .at(-1)!.step;
      expect(existsSync(join(run(), "checkpoints", String(last).padStart(6, "0"), "SHA256SUMS"))).toBe(true);
      await vscode.screenshot("click-6-stopped");
    },
    extent(120_000, 3_600_000),
  );

  test("two more clicks translate one of the sample's test pictures, and show it", async () => {
    const panel = await vscode.webviews.frame(panelTitle);
    await panel.getByRole("button", { name: "Translate a Picture…" }).click();
    const [name] = readdirSync(join(extensionFolder, "media", "samples", "nuclei-labels", "test")).sort();
    await vscode.quickInput.waitForEntry(name!);
    await vscode.screenshot("click-7-choose");
    await vscode.quickInput.choose(name!);
    const result = name!.replace(/\.png$/, ".AtoB.png");
    await until("its tab", async () => ((await vscode.editors()).includes(result) ? true : undefined));
    expect(readdirSync(join(run(), "translations"))).toEqual([result]);
    await nothingIsSaid();
    await vscode.screenshot("click-8-test-picture");
  });

  test("a right-click on a picture translates it, and the result opens beside it", async () => {
    await vscode.views.open("Explorer");
    await vscode.explorer.contextMenu("photos/tissue 1.png", ["Translate with RevGAN", "A to B"]);
    await until("the result's editor", async () =>
      (await vscode.editors()).includes("tissue 1.AtoB.png") ? true : undefined,
    );
    const decoder = new DecoderClient();
    const { picture } = await decoder.decode(wholeImage(join(workspace, "photos", "tissue 1.AtoB.png")));
    decoder.close();
    expect([picture.height, picture.width]).toEqual([96, 80]);
    await nothingIsSaid();
    await vscode.screenshot("click-9-translated");
  });

  test("the same from the tab of an open picture, the other way", async () => {
    await vscode.openFile(join(workspace, "photos", "tissue 1.png"));
    const tab = vscode.page.locator('.tab[data-resource-name="tissue 1.png"]');
    await chooseInContextMenu(vscode.page, tab, ["Translate with RevGAN", "B to A"]);
    await until("the result", () =>
      Promise.resolve(existsSync(join(workspace, "photos", "tissue 1.BtoA.png")) ? true : undefined),
    );
  });

  test("the extension started within VS Code's own limits", async () => {
    const { load, call, finish } = await vscode.activation("revgan.revgan");
    console.log(`activation by VS Code's own measure: ${load} ms to load, ${call} ms to call, ${finish} ms to finish`);
    expect(load + call + finish).toBeGreaterThan(0);
  });
});
