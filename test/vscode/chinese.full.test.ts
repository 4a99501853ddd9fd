import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { foreignWords } from "../unit/chinese/rules";
import { accessibilityFaults } from "../support/browser/axe";
import { until } from "../support/browser/until";
import { fileArgument } from "../support/vscode/host";
import { menuEntries, openContextMenu } from "../support/vscode/contextMenu";
import { Workbench } from "../support/vscode/workbench";
import { copyOfRun, extension, workspaceFolder } from "./trainedWorkspace";

// VS Code's own words stay English here. To look at the pictures (REVGAN_SCREENSHOTS), a font with Chinese characters has to be installed.

/** Names of runs, folders and GPUs; buttons and columns that stand side by side. Why an engine does not work is told by the trainer. */
const names =
  /\b(nuclei|tissue|labels|copy|maps|train[AB])\b|PNGSVG|\.revgan\/runs\/\S+|^(native-gpu|webgpu) .*|^(native|wasm)(?=TensorFlow)|TensorFlow\.js|^llvmpipe.*\)|linux(?= x64)|Node(?= \d)/gm;

const { folder, gone } = workspaceFolder("chinese");
const run = join(folder, ".revgan", "runs", "nuclei");
let vscode: Workbench;

beforeAll(async () => {
  cpSync(join(extension, "media", "examples", "nuclei-labels"), run, { recursive: true });
  copyOfRun(run, "nuclei copy");
  for (const part of ["train", "test"])
    cpSync(join(extension, "media", "samples", "nuclei-labels", part), join(folder, "maps", part), { recursive: true });
  vscode = await Workbench.start({ folders: [folder], extensions: [extension], language: "zh-cn" });
  await vscode.views.open("RevGAN");
});

afterEach(async () => {
  await vscode.page.keyboard.press("Escape");
  await vscode.notifications.clear();
});

afterAll(async () => {
  await vscode.close();
  gone();
});

function english(text: string): string[] {
  return foreignWords(text.replace(names, ""));
}

async function panelOf(argument: unknown): Promise<Frame> {
  await vscode.host.executeCommand("revgan.openPanel", argument);
  const panel = await vscode.webviews.frame(/^RevGAN: /);
  await panel.locator(".samples-picture img").first().waitFor();
  return panel;
}

/** What a list asks and offers, once it looks at nothing any more. */
async function list(): Promise<string> {
  const text = async (): Promise<string> =>
    [await vscode.quickInput.prompt(), ...(await vscode.quickInput.texts())].join("\n");
  return await until("the list", async () => (/正在|Loading/.test(await text()) ? undefined : await text()), text);
}

test("the tree of runs, its menu and the side view", async () => {
  expect(await vscode.host.run((api) => api.env.language)).toBe("zh-cn");
  const row = await vscode.views.tree("实验").row("nuclei");
  expect(english(await vscode.views.text("实验"))).toEqual([]);
  const side = await vscode.webviews.frame("RevGAN Live");
  await side.locator(".samples-row").first().waitFor();
  expect(english(await side.locator("body").innerText())).toEqual([]);
  await openContextMenu(vscode.page, row);
  await vscode.screenshot("chinese-tree");
  expect(english((await menuEntries(vscode.page)).join("\n"))).toEqual([]);
});

test("the panel of a run, and of two that are compared", async () => {
  const panel = await panelOf(fileArgument(run));
  for (const table of await panel.getByRole("button", { name: "表格" }).all()) await table.click();
  await panel.getByText("以表格显示数据").click();
  expect(english(await panel.locator("body").innerText())).toEqual([]);
  expect(await accessibilityFaults(panel)).toEqual([]);
  for (const [i, part] of [".head", ".charts", ".place-memory", ".runs"].entries()) {
    await panel.evaluate(`document.querySelector(${JSON.stringify(part)}).scrollIntoView()`);
    await vscode.screenshot(`chinese-panel-${i}`);
  }
  await vscode.host.executeCommand("revgan.compareRuns", [
    fileArgument(run),
    fileArgument(join(run, "..", "nuclei copy")),
  ]);
  await panel.locator(".comparison").waitFor();
  await panel.evaluate(`document.querySelector(".place-comparison").scrollIntoView()`);
  await vscode.screenshot("chinese-comparison");
  expect(english(await panel.locator("body").innerText())).toEqual([]);
});

test("the palette, and what commands ask", async () => {
  const found = await vscode.quickInput.findCommands("RevGAN");
  expect(found.filter((title) => /^RevGAN: (?!Focus on)/.test(title) && english(title).length > 0)).toEqual([]);
  for (const [command, name] of [
    ["revgan.newRun", "new-run"],
    ["revgan.doctor", "doctor"],
    ["revgan.translatePicture", "translate"],
    ["revgan.exportRun", "export"],
    ["revgan.compareRuns", "compare"],
    ["revgan.chooseGpu", "gpu"],
  ] as const) {
    void vscode.host.executeCommand(command);
    await vscode.quickInput.waitUntilOpen();
    const text = await list();
    await vscode.screenshot(`chinese-${name}`);
    expect.soft(english(text), name).toEqual([]);
    await vscode.quickInput.cancel();
  }
});

test("a question, a notification and the right-click menu", async () => {
  const deleted = vscode.host.executeCommand("revgan.deleteRun", fileArgument(join(run, "..", "nuclei copy")));
  expect(english((await vscode.dialog.text()).replaceAll(folder, ""))).toEqual([]);
  await vscode.screenshot("chinese-question");
  await vscode.page.keyboard.press("Escape");
  await deleted;
  await openContextMenu(vscode.page, await vscode.explorer.row("maps/test/708eb41a3fc8.png"));
  await vscode.page.locator(".monaco-menu .action-item").filter({ hasText: "用 RevGAN 转换" }).first().hover();
  const entry = vscode.page.locator(".monaco-menu .action-label").getByText("A → B", { exact: true });
  await entry.waitFor();
  await vscode.screenshot("chinese-menu");
  await entry.click();
  await vscode.quickInput.choose("nuclei");
  await vscode.notifications.waitFor("已用 nuclei 转换。");
  await vscode.screenshot("chinese-notification");
  expect((await vscode.notifications.texts()).flatMap(english)).toEqual([]);
});

test("what hovers over a key of revgan.json", async () => {
  const file = join(folder, "revgan.json");
  writeFileSync(file, '{ "network": { "depth": 9 } }');
  await vscode.openFile(file);
  const hover = async (): Promise<string | undefined> => {
    const texts = await vscode.host.run(async (api, path) => {
      const place = new api.Position(0, 17);
      const uri = api.Uri.file(path);
      const found = await api.commands.executeCommand("vscode.executeHoverProvider", uri, place);
      return (found as { contents: { value: string }[] }[]).flatMap(({ contents }) =>
        contents.map(({ value }) => value),
      );
    }, file);
    return texts.length > 0 ? texts.join("\n") : undefined;
  };
  expect(await until("a hover", hover)).toMatch(/^核心的可逆块数，[^]+默认：`9`\n\n代价：[^]+默认为 334\.3 MB$/);
});

test("the walkthrough, with its pages", async () => {
  await vscode.host.executeCommand("workbench.action.closeAllEditors");
  await vscode.host.executeCommand("workbench.action.openWalkthrough", "revgan.revgan#getStarted", false);
  const page = vscode.page.locator(".gettingStartedContainer");
  for (const [step, title, heading] of [
    ["安装快速引擎", "engine", "由什么来计算"],
    ["用示例数据训练", "sample", "一个网络，两个方向"],
    ["观察学习过程", "watch", "面板显示什么"],
    ["转换图片", "translate", "转换任意图片"],
    ["用自己的图片训练", "own", "如何放置图片"],
  ] as const) {
    await page.getByText(step, { exact: true }).first().click();
    const shown = async (): Promise<Frame | undefined> => {
      for (const frame of vscode.page.frames())
        if ((await frame.getByRole("heading", { name: heading }).count()) > 0) return frame;
      return undefined;
    };
    const frame = await until(`the page of ${step}`, shown);
    expect.soft(english((await frame.locator("p, li, th, h1").allInnerTexts()).join("\n")), step).toEqual([]);
    await vscode.screenshot(`chinese-walkthrough-${title}`);
  }
});
