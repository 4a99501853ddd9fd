import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { until } from "../support/browser/until";
import { readRunFile } from "../support/commandLine";
import { noise, writeTree } from "../support/images";
import { SampleRun } from "../support/vscode/sampleRun";
import { Workbench } from "../support/vscode/workbench";
import { extension, tidyAfterTests, trainedRun, workspaceFolder } from "./trainedWorkspace";

const { folder, gone } = workspaceFolder("agent");
const elsewhere = workspaceFolder("outside");
let vscode: Workbench;
let run: string;

beforeAll(async () => {
  writeTree(folder, { "photo.png": noise(1, 36, 40), ...pictures("data/testA", 2), ...pictures("data/testB", 7) });
  writeTree(elsewhere.folder, { "photo.png": noise(2, 36, 40) });
  run = await trainedRun(folder, "first");
  writeTree(folder, { "revgan.json": configOf(run) });
  symlinkSync(elsewhere.folder, join(folder, "link"));
  mkdirSync(join(folder, "out"));
  vscode = await Workbench.start({ folders: [folder], extensions: [extension] });
});

tidyAfterTests(
  () => vscode,
  () => {
    gone();
    elsewhere.gone();
  },
);

function pictures(path: string, seed: number): Record<string, ReturnType<typeof noise>> {
  return Object.fromEntries([0, 1].map((i) => [`${path}/${i}.png`, noise(seed + i, 36, 40)]));
}

/** The configuration of a run, to train for longer. */
function configOf(folderOfRun: string): string {
  const { config } = readRunFile(folderOfRun);
  return JSON.stringify({ ...config, training: { ...config.training, maxSteps: 500 } });
}

/** A tool's answer, once the question is answered, or its error. */
async function invoked(
  tool: string,
  input: object,
  answer: { readonly button?: string; readonly screenshot?: string; readonly cancelAfter?: number } = {},
): Promise<{ question: string; answer: string }> {
  const result = vscode.host.run(
    async (api, name, given, cancelAfter) => {
      const source = new api.CancellationTokenSource();
      if (cancelAfter !== null) setTimeout(() => source.cancel(), cancelAfter);
      try {
        const { content } = await api.lm.invokeTool(
          name,
          { input: given, toolInvocationToken: undefined },
          source.token,
        );
        return content.map((part) => (part as { value: string }).value).join("");
      } catch (error) {
        return `Error: ${(error as Error).message}`;
      }
    },
    tool,
    input,
    answer.cancelAfter ?? null,
  );
  const question = await Promise.race([vscode.dialog.text(), result.then(() => "")]);
  if (question !== "") {
    if (answer.screenshot !== undefined) await vscode.screenshot(answer.screenshot);
    const buttons = await vscode.dialog.buttons();
    await vscode.dialog.click(answer.button ?? buttons.find((each) => each !== "Cancel")!);
  }
  return { question, answer: await result };
}

describe("tools for language models", () => {
  test("are there, each with a name to be called by", async () => {
    const names = await vscode.host.run((api) => api.lm.tools.map(({ name }) => name));
    for (const name of ["plan", "start_training", "read_run", "translate", "evaluate"])
      expect(names).toContain(`revgan_${name}`);
  });

  test("read a run", async () => {
    const { question, answer } = await invoked("revgan_read_run", { run: "first" }, { screenshot: "agent-read-run" });
    expect(question).toContain("Read how far the run first is");
    expect(answer).toContain(`run: first (${run})`);
    expect(answer).toMatch(/state: finished, step 2/);
    expect(answer).toMatch(/network: revgan, unpaired, 2D, depth \d+, width \d+/);
    expect(answer).toMatch(/losses, mean of the last 2 steps: .*cycle_A [\d.]+/);
    expect(answer).toMatch(/memory: \d+ bytes of tensors at a step's peak/);
  });

  test("translate a picture to where the agent says", async () => {
    const input = { files: ["photo.png"], direction: "AtoB", run: "first", out: "out" };
    const { question, answer } = await invoked("revgan_translate", input);
    expect(question).toContain("Translate photo.png (AtoB) and write the results to out?");
    expect(basename(answer)).toBe("photo.AtoB.png");
    expect(existsSync(join(folder, "out", "photo.AtoB.png"))).toBe(true);
  });

  test("evaluate a run", async () => {
    const { answer } = await invoked("revgan_evaluate", { run: join(".revgan", "runs", "first") });
    expect(answer).toMatch(/^AtoB, 2 pictures: .*mae [\d.]+/);
    expect(answer).toMatch(/\nBtoA, 2 pictures: /);
  });

  test("plan a training, and stop where the agent no longer wants it", async () => {
    const { question, answer } = await invoked("revgan_plan", { config: "revgan.json" });
    expect(question).toContain("Look at the pictures of revgan.json and measure how fast this machine computes?");
    expect(answer).toMatch(/about .*, \d+ steps of [\d.e-]+ s; \d+ bytes of tensors.*; configuration \{/);
    const cancelled = await invoked("revgan_plan", { data: "data" }, { cancelAfter: 1000 });
    expect(cancelled.answer).toMatch(/Error: (Cancell?ed|.*cancelled)/i);
  });

  test("do nothing where the user does not want it, or the input is wrong", async () => {
    const refused = await invoked(
      "revgan_translate",
      { files: ["photo.png"], direction: "BtoA", run: "first" },
      { button: "Cancel" },
    );
    expect(refused.answer).toMatch(/^Error: /);
    expect(existsSync(join(folder, "photo.BtoA.png"))).toBe(false);
    expect((await invoked("revgan_read_run", { run: "none" })).answer).toMatch(/^Error: .*none is no run/i);
    expect((await invoked("revgan_start_training", { config: "none.json" })).answer).toMatch(/^Error: .*none\.json/);
  });

  test.each([
    ["revgan_translate", { files: [join(elsewhere.folder, "photo.png")], direction: "AtoB", run: "first" }],
    ["revgan_translate", { files: ["../photo.png"], direction: "AtoB", run: "first" }],
    ["revgan_translate", { files: ["link/photo.png"], direction: "AtoB", run: "first" }],
    ["revgan_translate", { files: ["photo.png"], direction: "AtoB", run: "first", out: "link/new" }],
    ["revgan_plan", { data: elsewhere.folder }],
    ["revgan_evaluate", { run: elsewhere.folder }],
    ["revgan_start_training", { config: "/etc/revgan.json" }],
  ])("no path of %s leaves the workspace: %j", async (tool, input) => {
    expect((await invoked(tool, input)).answer).toMatch(/^Error: .* is not in the workspace/);
    expect(existsSync(join(elsewhere.folder, "new"))).toBe(false);
  });

  test("start a training, which goes on", async () => {
    const { question, answer } = await invoked("revgan_start_training", { config: "revgan.json" });
    expect(question).toContain(`Train revgan.json on the pictures of ${join(folder, "data")}?`);
    const started = /Run folder: (.*)\. Read it/.exec(answer)![1]!;
    const training = SampleRun.of(vscode, `file://${started.split("/").map(encodeURIComponent).join("/")}`);
    await training.reach(2);
    const { answer: text } = await invoked("revgan_read_run", { run: started });
    expect(text).toMatch(/state: running, step \d+ of 500/);
    await training.stop();
    await until("the end", () => Promise.resolve(readRunFile(started).state === "stopped" ? true : undefined));
  });
});
