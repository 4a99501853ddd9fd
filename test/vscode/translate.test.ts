import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { until } from "../support/browser/until";
import { noise, pngBytes, writeTree } from "../support/images";
import { chooseInContextMenu } from "../support/vscode/contextMenu";
import { fileArgument } from "../support/vscode/host";
import { Workbench } from "../support/vscode/workbench";
import { copyOfRun, extension, tidyAfterTests, trainedRun, workspaceFolder } from "./trainedWorkspace";

const { folder, gone } = workspaceFolder("translate");
const inside = (path: string): string => join(folder, path);
const namesIn = (path: string): string[] => readdirSync(inside(path)).sort();

/** Width and height as a PNG's header says. */
function sizeOf(path: string): [number, number] {
  const bytes = readFileSync(inside(path));
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}

async function written(...paths: string[]): Promise<void> {
  for (const path of paths) await until(path, () => Promise.resolve(existsSync(inside(path)) ? true : undefined));
}

describe("Translate with RevGAN", () => {
  let vscode: Workbench;

  beforeAll(async () => {
    const picture = (seed: number) => noise(seed, 33, 40);
    writeTree(folder, {
      "photos/one.png": noise(1, 45, 61),
      "some/first.png": picture(2),
      "some/second.png": picture(3),
      "some/third.png": picture(4),
      "names/with spaces.png": picture(5),
      'names/it\'s "quoted".png': picture(6),
      "names/été 日本.png": picture(7),
      "names/#1 100%25.png": picture(8),
      "names/below/deep.png": picture(9),
      many: null,
      ...Object.fromEntries(
        Array.from({ length: 60 }, (_, i) => [`many/${String(i).padStart(2, "0")}.png`, noise(i, 300, 300)]),
      ),
      "bad/torn.png": pngBytes(noise(10, 64, 64)).subarray(0, 2000),
      "bad/words.png": "This is a text that is called a picture.",
      "mixed/good.png": picture(11),
      "mixed/torn.png": pngBytes(noise(12, 64, 64)).subarray(0, 2000),
      "mixed/zebra.png": picture(13),
      "no pictures/notes.txt": "none",
    });
    await trainedRun(folder, "first");
    vscode = await Workbench.start({ folders: [folder], extensions: [extension] });
  });

  tidyAfterTests(() => vscode, gone);

  const toB = ["Translate with RevGAN", "A to B"];
  const toA = ["Translate with RevGAN", "B to A"];

  test("a right-clicked picture gets a translation of its size beside it, opened beside it", async () => {
    await vscode.explorer.select("photos/one.png");
    await vscode.explorer.contextMenu("photos/one.png", toB);
    await written("photos/one.AtoB.png");
    expect(sizeOf("photos/one.AtoB.png")).toEqual([61, 45]);
    await until("the result's tab", async () => ((await vscode.editors()).includes("one.AtoB.png") ? true : undefined));
    expect(await vscode.editors()).toEqual(["one.png", "one.AtoB.png"]);
    await vscode.screenshot("translate-one");
  });

  test("an open picture's tab offers it, too", async () => {
    const tab = vscode.page.locator('.tab[data-resource-name="one.png"]');
    await chooseInContextMenu(vscode.page, tab, toA);
    await written("photos/one.BtoA.png");
    expect(sizeOf("photos/one.BtoA.png")).toEqual([61, 45]);
    // An editor that opens is revealed in the explorer, which takes the selection of the next test away.
    await until("its tab", async () => ((await vscode.editors()).includes("one.BtoA.png") ? true : undefined));
  });

  test("several selected pictures are translated, and only those", async () => {
    await vscode.explorer.selectAll(["some/first.png", "some/third.png"]);
    await vscode.explorer.contextMenu("some/third.png", toA);
    await written("some/first.BtoA.png", "some/third.BtoA.png");
    expect(namesIn("some")).toEqual(["first.BtoA.png", "first.png", "second.png", "third.BtoA.png", "third.png"]);
  });

  test("a folder is translated whole, whatever its pictures are called, and results are no pictures to translate", async () => {
    await vscode.explorer.contextMenu("names", toB);
    await written(
      "names/with spaces.AtoB.png",
      'names/it\'s "quoted".AtoB.png',
      "names/été 日本.AtoB.png",
      "names/#1 100%25.AtoB.png",
      "names/below/deep.AtoB.png",
    );
    await until("the first result's tab", async () =>
      (await vscode.editors()).some((name) => name.endsWith(".AtoB.png") && !name.startsWith("one")) ? true : undefined,
    );
    const before = namesIn("names");
    await vscode.explorer.contextMenu("names", toB);
    expect(await vscode.dialog.text()).toContain("5 results exist already.");
    await vscode.screenshot("translate-many-exist");
    expect((await vscode.dialog.buttons()).sort()).toEqual(["Cancel", "Keep Those", "Replace All"]);
    await vscode.dialog.click("Cancel");
    expect(namesIn("names")).toEqual(before);
  });

  test("of results that exist, Keep Those writes the others only", async () => {
    const kept = statSync(inside("some/first.BtoA.png")).mtimeMs;
    await vscode.explorer.contextMenu("some", toA);
    expect(await vscode.dialog.text()).toContain("2 results exist already.");
    await vscode.dialog.click("Keep Those");
    await written("some/second.BtoA.png");
    expect(statSync(inside("some/first.BtoA.png")).mtimeMs).toBe(kept);
  });

  test("one that exists is replaced only when the user says so", async () => {
    const path = inside("photos/one.AtoB.png");
    const before = statSync(path).mtimeMs;
    await vscode.explorer.contextMenu("photos/one.png", toB);
    expect(await vscode.dialog.text()).toContain("one.AtoB.png exists already.");
    await vscode.screenshot("translate-one-exists");
    expect((await vscode.dialog.buttons()).sort()).toEqual(["Cancel", "Replace"]);
    await vscode.dialog.click("Cancel");
    await vscode.explorer.contextMenu("photos/one.png", toB);
    await vscode.dialog.text();
    expect(statSync(path).mtimeMs).toBe(before);
    await vscode.dialog.click("Replace");
    await until("a newer result", () => Promise.resolve(statSync(path).mtimeMs > before ? true : undefined));
  });

  test("the setting says where results go, relative to the workspace folder or from the root", async () => {
    await vscode.host.changeSetting("revgan.translate.outputFolder", "results/new");
    await vscode.explorer.contextMenu("some/first.png", toB);
    await written("results/new/first.AtoB.png");
    await vscode.host.changeSetting("revgan.translate.outputFolder", inside("elsewhere"));
    await vscode.explorer.contextMenu("some/second.png", toB);
    await written("elsewhere/second.AtoB.png");
    await vscode.host.changeSetting("revgan.translate.outputFolder", inside("no pictures/notes.txt"));
    await vscode.explorer.contextMenu("some/third.png", toB);
    expect(await vscode.notifications.waitFor("notes.txt is not a folder")).toContain("Name a folder for the results");
    await vscode.screenshot("translate-output-is-file");
    await vscode.host.changeSetting("revgan.translate.outputFolder", null);
  });

  test("a cancelled folder keeps what is done, whole, and nothing half", async () => {
    await vscode.explorer.contextMenu("many", toB);
    await written("many/00.AtoB.png");
    await vscode.screenshot("translate-progress");
    await vscode.notifications.click("Translating with first", "Cancel");
    await until("the progress to go", async () =>
      (await vscode.notifications.texts()).length === 0 ? true : undefined,
    );
    // The picture that is being written is written whole.
    const after = await until("nothing more to be written", async () => {
      const before = namesIn("many").length;
      await new Promise((resolve) => setTimeout(resolve, 1500));
      return namesIn("many").length === before ? namesIn("many") : undefined;
    });
    const results = after.filter((name) => name.endsWith(".AtoB.png"));
    expect(results.length).toBeLessThan(60);
    expect(after).toHaveLength(60 + results.length);
    for (const name of results)
      expect(
        readFileSync(inside(`many/${name}`))
          .subarray(-8)
          .toString("latin1"),
      ).toContain("IEND");
  });

  test("a broken picture, and a text that is called one, are named with what is wrong", async () => {
    await vscode.explorer.contextMenu("bad/torn.png", toB);
    expect(await vscode.notifications.waitFor("torn.png is damaged")).toContain(
      "Replace it by a whole copy, or remove it.",
    );
    await vscode.screenshot("translate-torn");
    await vscode.notifications.clear();
    await vscode.explorer.contextMenu("bad/words.png", toB);
    expect(await vscode.notifications.waitFor("words.png is not an image")).toContain("Convert it to PNG");
    await vscode.screenshot("translate-words");
    expect(namesIn("bad")).toEqual(["torn.png", "words.png"]);
  });

  test("a bad picture among good ones is named, and the others are written", async () => {
    await vscode.explorer.contextMenu("mixed", toB);
    expect(await vscode.notifications.waitFor("1 of 3 files could not be translated.")).toContain(
      "torn.png is damaged",
    );
    expect(await vscode.notifications.buttons("1 of 3")).toEqual(["Show Log"]);
    await vscode.screenshot("translate-mixed");
    expect(namesIn("mixed")).toEqual(["good.AtoB.png", "good.png", "torn.png", "zebra.AtoB.png", "zebra.png"]);
  });

  test("a folder without pictures says so", async () => {
    await vscode.explorer.contextMenu("no pictures", toB);
    expect(await vscode.notifications.waitFor("no pictures holds no images")).toContain("Name a folder with PNG");
    await vscode.screenshot("translate-none");
  });

  test("a program names files, run and output, and gets the written files without a question", async () => {
    const files = ["some/first.png", "names/#1 100%25.png"].map((path) => fileArgument(inside(path)));
    const editors = await vscode.editors();
    const results = await vscode.host.executeCommand("revgan.translateBToA", files[0], files, {
      run: fileArgument(inside(".revgan/runs/first")),
      out: fileArgument(inside("by program")),
    });
    expect(results).toHaveLength(2);
    expect(namesIn("by program")).toEqual(["#1 100%25.BtoA.png", "first.BtoA.png"]);
    expect(await vscode.editors()).toEqual(editors);
  });

  test("with two runs it asks once, remembers, and offers another", async () => {
    copyOfRun(inside(".revgan/runs/first"), "second");
    await vscode.explorer.contextMenu("mixed/good.png", toA);
    expect(await vscode.quickInput.prompt()).toContain("Which run?");
    await vscode.screenshot("translate-which-run");
    expect(await vscode.quickInput.titles()).toEqual(["second", "first"]);
    await vscode.quickInput.choose("first");
    await vscode.notifications.waitFor("Translated with first.");
    await vscode.screenshot("translate-another-run");
    await vscode.explorer.contextMenu("mixed/zebra.png", toA);
    await written("mixed/zebra.BtoA.png");
    await vscode.notifications.click("Translated with first.", "Use Another Run…");
    await vscode.quickInput.choose("second");
    await vscode.notifications.clear();
    await vscode.explorer.contextMenu("some/first.png", toB);
    await vscode.notifications.waitFor("Translated with second.");
  });
});
