import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { writeTree } from "../support/images";
import { longPatience, until } from "../support/browser/until";
import { fileArgument } from "../support/vscode/host";
import { Workbench } from "../support/vscode/workbench";
import { extension, tidyAfterTests, trainedRun, workspaceFolder } from "./trainedWorkspace";

/** A pair of the test set: the example has not been trained on it. */
const pair = sharp(join(extension, "media", "samples", "nuclei-labels", "test", "708eb41a3fc8.png"));
const [tissue, labels] = [0, 128].map((left) => pair.clone().extract({ left, top: 0, width: 128, height: 128 }));

const { folder, gone } = workspaceFolder("example");
const inside = (name: string): string => join(folder, name);
const name = expect.stringMatching(
  /^Example: tissue ⇄ labels, trained for \d+ minutes finished, step (\d+) of \1$/,
) as unknown;

/** Mean absolute error of a translation to labels, of 255. */
async function errorOf(file: string): Promise<number> {
  const [made, truth] = await Promise.all(
    [sharp(file), labels!.clone()].map((picture) => picture.removeAlpha().raw().toBuffer()),
  );
  expect(made!.length).toBe(truth!.length);
  return truth!.reduce((sum, value, i) => sum + Math.abs(value - made![i]!), 0) / truth!.length;
}

describe("in a new window, without any training and without TensorFlow, the example", () => {
  let vscode: Workbench;
  let emptyCache: string;

  beforeAll(async () => {
    emptyCache = mkdtempSync(join(tmpdir(), "revgan-no-engine-"));
    const png = await tissue!.png().toBuffer();
    writeTree(folder, { "tissue.png": png, "second.png": png });
    vi.stubEnv("REVGAN_CACHE", emptyCache);
    vscode = await Workbench.start({ folders: [folder], extensions: [extension], theme: "dark" });
  });

  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(emptyCache, { recursive: true, force: true });
  });

  tidyAfterTests(() => vscode, gone);

  const rows = (): Promise<string[]> => vscode.views.tree("Runs").labels();

  async function translated(file: string): Promise<number> {
    const result = file.replace(".png", ".AtoB.png");
    await vscode.explorer.contextMenu(file, ["Translate with RevGAN", "A to B"]);
    await until(result, () => Promise.resolve(existsSync(inside(result)) ? true : undefined), undefined, longPatience);
    return errorOf(inside(result));
  }

  test("translates a right-clicked picture, and says what it knows", async () => {
    await vscode.explorer.select("tissue.png");
    const begin = Date.now();
    // The best constant colour is 42 away from label maps.
    expect(await translated("tissue.png")).toBeLessThan(30);
    console.log(`from the right-click to the translated picture: ${((Date.now() - begin) / 1000).toFixed(1)} s`);
    const text = await vscode.notifications.waitFor("Translated with the example");
    expect(text).toContain("It knows tissue and labels alone");
    await vscode.screenshot("example-translated");
  });

  test("is listed from then on, by its name, with what it has learnt in the panel", async () => {
    await vscode.views.open("RevGAN");
    await until("the example in the tree", async () => ((await rows()).length > 0 ? true : undefined));
    expect(await rows()).toEqual([name]);
    await vscode.host.executeCommand("revgan.showExample");
    const panel = await vscode.webviews.frame(/^RevGAN: Example/);
    await panel.getByText("Duration").waitFor();
    await until("a translation of the last step", async () => {
      const pictures = panel.locator('img[src*="-translated-"]');
      const widths = await pictures.evaluateAll((all) =>
        all.map((each) => (each as { naturalWidth?: number }).naturalWidth),
      );
      return widths.some((width) => width === 96) ? true : undefined;
    });
    await vscode.screenshot("example-panel-dark");
    await vscode.setTheme("light");
    await vscode.screenshot("example-panel-light");
  });

  test("can be evaluated and trained further", async () => {
    const run = fileArgument(await exampleFolder());
    const lines = (await vscode.host.executeCommand("revgan.evaluate", run)) as { metrics: { mae: number } }[];
    expect(lines.map(({ metrics }) => metrics.mae).every((error) => error < 25)).toBe(true);
    await vscode.host.executeCommand("revgan.trainFurther", run, { steps: 1 });
    await until(
      "its end",
      async () => ((await rows())[0]!.includes("finished") ? true : undefined),
      rows,
      longPatience,
    );
  });

  test("is passed over for a run of the user's own, and stands after it", async () => {
    await trainedRun(folder, "own");
    // Two steps of training make no label map of tissue.
    expect(await translated("second.png")).toBeGreaterThan(42);
    await vscode.views.open("RevGAN");
    // The tree follows the files of a run that another program trained.
    const isListed = async (): Promise<true | undefined> =>
      (await rows())[0] === "own finished, step 2 of 2" ? true : undefined;
    await until("the finished run in the tree", isListed, rows);
    expect(await rows()).toEqual(["own finished, step 2 of 2", expect.stringMatching(/^Example/)]);
    rmSync(inside(".revgan"), { recursive: true });
  });

  test("stays away once it is deleted", async () => {
    const deleted = vscode.host.executeCommand("revgan.deleteRun", fileArgument(await exampleFolder()));
    await vscode.dialog.click("Delete");
    await deleted;
    await vscode.reload();
    await vscode.views.open("RevGAN");
    const side = await vscode.webviews.frame("RevGAN Live");
    await side.getByRole("heading", { name: "No runs yet" }).waitFor();
    const runs = (): Promise<string> => vscode.views.text("Runs");
    await until("no runs", async () => ((await runs()).includes("There are no runs in") ? true : undefined), runs);
    expect(await side.getByText("Show Example").isVisible()).toBe(false);
    rmSync(inside("second.AtoB.png"));
    await vscode.explorer.contextMenu("second.png", ["Translate with RevGAN", "A to B"]);
    await vscode.notifications.waitFor("No run has a checkpoint yet");
    expect(existsSync(inside("second.AtoB.png"))).toBe(false);
  });

  /** Its copy in the global storage. */
  async function exampleFolder(): Promise<string> {
    return new URL((await vscode.host.executeCommand("revgan.showExample")) as string).pathname;
  }
});
