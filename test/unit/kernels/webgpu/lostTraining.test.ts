import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { parseConfig } from "../../../../extension/configuration/config";
import type { Line } from "../../../../extension/protocol/lines";
import { Gpu } from "../../../../extension/trainer/kernels/webgpu/gpu";
import { trainNew } from "../../../../extension/trainer/training/train";
import type { TrainerMessage } from "../../../../extension/protocol/trainer";
import { Requests } from "../../../../extension/trainer/ipc/requests";
import { pairedData } from "../../../support/commandLine";
import { testedGpu } from "../../../support/engines";

const folder = mkdtempSync(join(tmpdir(), "revgan-lost-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe.runIf(testedGpu !== "none")("a training on webgpu whose GPU is lost in the middle of a step", () => {
  const data = pairedData(join(folder, "data"));

  async function trained(name: string, losesAt: number | null): Promise<{ lines: Line[]; warnings: string[] }> {
    const config = parseConfig(
      {
        mode: "paired",
        network: { width: 4, depth: 1, discriminator: { width: 4, layers: 1 } },
        data: { path: data, loadSize: 16, cropSize: 16 },
        training: { maxSteps: 4, checkpointEvery: 2, sampleEvery: 0 },
        engine: "webgpu",
        gpu: testedGpu,
      },
      "the test's configuration",
    );
    const [lines, warnings]: [Line[], string[]] = [[], []];
    const run = vi.spyOn(Gpu.prototype, "run");
    let isLost = false;
    // Called between the terms of a step.
    const onBusy = (): void => {
      if (isLost || lines.filter(({ type }) => type === "step").length !== losesAt) return;
      isLost = true;
      (run.mock.contexts.at(-1) as Gpu).lose();
    };
    await trainNew(
      { config, folder: join(folder, name) },
      {
        line: (line) => lines.push(line),
        note: () => undefined,
        warn: (text) => warnings.push(text),
        signal: new AbortController().signal,
        onBusy,
      },
    );
    run.mockRestore();
    return { lines, warnings };
  }
  it("goes on from the last checkpoint, to the same weights", async () => {
    await trained("whole", null);
    const { lines, warnings } = await trained("lost", 3);
    expect(warnings).toEqual([
      "the GPU was lost in step 4: its driver was reset, or it was taken away; it is opened again, and the training goes on from step 2",
    ]);
    expect(lines.flatMap((line) => (line.type === "step" ? [line.step] : []))).toEqual([1, 2, 3, 3, 4]);
    const file = (name: string, what: string): Buffer =>
      readFileSync(join(folder, name, "checkpoints", "000004", what));
    for (const what of ["weights.safetensors", "optimizer.safetensors"])
      expect(file("lost", what).equals(file("whole", what)), what).toBe(true);
    const metrics = readFileSync(join(folder, "lost", "metrics.jsonl"), "utf8")
      .trim()
      .split("\n");
    expect(metrics.map((line) => (JSON.parse(line) as { step: number }).step)).toEqual([1, 2, 3, 4]);
    expect(JSON.parse(readFileSync(join(folder, "lost", "run.json"), "utf8"))).toMatchObject({ state: "finished" });
    expect(existsSync(join(folder, "lost", "lock"))).toBe(false);
  });

  it("is the loss of one translation with it, and the next one opens the GPU again", async () => {
    const run = join(folder, "whole");
    const answers: TrainerMessage[] = [];
    const requests = new Requests({ send: (message) => answers.push(message) });
    const file = join(data, "train", readdirSync(join(data, "train"))[0]!);
    const translate = async (request: number): Promise<TrainerMessage> => {
      const out = join(folder, `out-${request}`);
      requests.add({
        type: "translate",
        request,
        run,
        direction: "AtoB",
        files: [file],
        half: "left",
        out,
        existing: "ask",
      });
      const answer = (): TrainerMessage | undefined =>
        answers.find((each) => each.type === "answer" && each.request === request);
      await vi.waitFor(() => expect(answer()).toBeDefined(), 60_000);
      return answer()!;
    };
    const called = vi.spyOn(Gpu.prototype, "run");
    expect(await translate(1)).toMatchObject({ failure: null });
    (called.mock.contexts.at(-1) as Gpu).lose();
    called.mockRestore();
    expect(await translate(2)).toMatchObject({
      failure: { code: "engine", message: "the GPU was lost: its driver was reset, or it was taken away" },
    });
    expect(await translate(3)).toMatchObject({ failure: null });
    requests.close();
    const written = (request: number): Buffer[] => {
      const out = join(folder, `out-${request}`);
      return readdirSync(out).map((name) => readFileSync(join(out, name)));
    };
    expect(written(3)).toEqual(written(1));
    expect(written(1)).toHaveLength(1);
  });
});
