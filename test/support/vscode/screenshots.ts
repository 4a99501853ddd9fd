import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import sharp from "sharp";
import { fileArgument } from "./host";
import { openContextMenu } from "./contextMenu";
import { SampleRun } from "./sampleRun";
import { Workbench } from "./workbench";

/** The most bytes that a picture in README may have. */
const largest = 250_000;

/** The rectangle of the window that a screenshot shows, in CSS pixels. */
interface Clip {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Takes README's screenshots in a real VS Code during a real training, and writes them into a folder. */
export async function takeScreenshots(extension: string, out: string): Promise<void> {
  const parent = mkdtempSync(join(tmpdir(), "revgan-screenshots-"));
  const folder = join(parent, "microscopy");
  mkdirSync(folder);
  const picture = join(extension, "media", "samples", "nuclei-labels", "test", "708eb41a3fc8.png");
  const { width, height } = await sharp(picture).metadata();
  // A sample picture has domain A in its left half and B in its right half.
  const left = await sharp(picture)
    .extract({ left: 0, top: 0, width: width / 2, height })
    .toBuffer();
  // One sample is too small to be seen in a screenshot, so nine copies are put side by side.
  const places = [0, 1, 2].flatMap((row) =>
    [0, 1, 2].map((column) => ({ input: left, left: (column * width) / 2, top: row * height })),
  );
  await sharp({ create: { width: (3 * width) / 2, height: 3 * height, channels: 3, background: "black" } })
    .composite(places)
    .png()
    .toFile(join(folder, "tissue.png"));
  const vscode = await Workbench.start({
    folders: [folder],
    extensions: [extension],
    theme: "dark",
    settings: { "explorer.openEditors.visible": 0, "workbench.statusBar.visible": true },
  });
  try {
    const keep = (name: string, clip?: Clip): Promise<void> => write(vscode.page, join(out, `${name}.png`), clip);
    await vscode.views.open("RevGAN");
    const run = await SampleRun.start(vscode);
    await run.openPanel();
    await run.reach(405, 900);
    await settle(vscode.page);
    await keep("panel");
    await keep("side", { x: 0, y: 36, width: 350, height: 832 });
    await vscode.setTheme("light");
    await settle(vscode.page);
    await keep("panel-light");
    await vscode.setTheme("dark");
    await run.stop();
    await memory(vscode, folder, run);
    await settle(vscode.page);
    await keep("memory");
    await comparison(vscode, extension, folder);
    await settle(vscode.page);
    await keep("comparison");
    await translate(vscode, folder, () => keep("translate"), run);
  } finally {
    await vscode.close();
    rmSync(parent, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Trains a network whose features need more memory than its weights, measures memory at several depths, and shows that chart. */
async function memory(vscode: Workbench, folder: string, sample: SampleRun): Promise<void> {
  const { config } = JSON.parse(readFileSync(join(sample.folder, "run.json"), "utf8")) as {
    config: { data: { path: string } };
  };
  const file = join(folder, "revgan.json");
  writeFileSync(
    file,
    JSON.stringify(
      {
        mode: "paired",
        network: { depth: 9, width: 16, discriminator: { width: 16 } },
        data: { path: config.data.path, loadSize: 143, cropSize: 128 },
        training: { maxSteps: 1000 },
      },
      undefined,
      2,
    ),
  );
  const address = await vscode.host.executeCommand("revgan.train", fileArgument(file));
  if (typeof address !== "string") throw new Error("Train did not say where its run is");
  const run = SampleRun.of(vscode, address);
  await run.reach(3, 600);
  await run.stop();
  await run.measureMemory([2, 4, 8, 16]);
  const panel = await run.openPanel();
  await panel.evaluate(`document.querySelector(".place-memory").scrollIntoView()`);
}

/** Runs a sweep over depth and kind of network on the sample data, evaluates its runs, and shows their peak memory against depth. */
async function comparison(vscode: Workbench, extension: string, folder: string): Promise<void> {
  const revgan = (...words: string[]): unknown =>
    execFileSync(process.execPath, [join(extension, "dist", "cli.js"), ...words], {
      stdio: ["ignore", "ignore", "inherit"],
    });
  const runs = join(folder, ".revgan", "runs", "depths");
  const sweep = join(folder, "depths.json");
  const data = { path: join(extension, "media", "samples", "nuclei-labels"), loadSize: 136, cropSize: 128 };
  const network = { width: 16, discriminator: { width: 16 } };
  const base = { mode: "paired", network, data, training: { maxSteps: 60, sampleEvery: 60 } };
  const grid = { "network.depth": [3, 9, 18], "network.kind": ["revgan", "pix2pix"] };
  writeFileSync(sweep, JSON.stringify({ base, grid, seeds: [0, 1, 2], runs }));
  revgan("sweep", sweep, "--jobs", "2");
  for (const name of readdirSync(runs)) revgan("evaluate", "--run", join(runs, name));
  rmSync(sweep);
  await vscode.host.executeCommand("revgan.compareRuns", [fileArgument(runs)]);
  const panel = await vscode.webviews.frame(/^RevGAN: depth-3/);
  await panel.locator(".comparison").getByRole("button", { name: "Peak memory" }).click();
  await panel.evaluate(`document.querySelector(".place-comparison").scrollIntoView()`);
}

async function translate(vscode: Workbench, folder: string, keep: () => Promise<void>, run: SampleRun): Promise<void> {
  await vscode.host.executeCommand("workbench.action.closeAllEditors");
  const file = join(folder, "tissue.png");
  await vscode.openFile(file);
  await vscode.host.executeCommand("revgan.translateAToB", fileArgument(file), [], { run: run.argument });
  statSync(join(folder, "tissue.AtoB.png"));
  await settle(vscode.page);
  await vscode.notifications.clear();
  await openContextMenu(vscode.page, await vscode.explorer.row("tissue.png"));
  await vscode.page.locator(".monaco-menu .action-item").filter({ hasText: "Translate with RevGAN" }).first().hover();
  await vscode.page.locator(".monaco-menu .action-label").getByText("A to B", { exact: true }).waitFor();
  await settle(vscode.page);
  await keep();
}

/** Waits until pictures are loaded and effects of hovering have ended. */
async function settle(page: Page): Promise<void> {
  await page.waitForTimeout(3000);
}

/** Writes a screenshot as PNG with a palette, which is small for few colours. Throws if it is larger than {@link largest}. */
async function write(page: Page, path: string, clip: Clip | undefined): Promise<void> {
  const taken = await page.screenshot(clip === undefined ? {} : { clip });
  const file = await sharp(taken).png({ palette: true, colours: 256, effort: 10, compressionLevel: 9 }).toBuffer();
  if (file.length > largest) throw new Error(`${path} has ${file.length} bytes, more than ${largest}`);
  writeFileSync(path, file);
}
