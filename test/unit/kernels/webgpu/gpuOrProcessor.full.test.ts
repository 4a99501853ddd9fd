import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { EngineLine } from "../../../../extension/protocol/lines";
import { statusOf } from "../../../../extension/trainer/engines/engineStatus";
import { sharesMemory, whyNotGpu } from "../../../../extension/trainer/engines/sharedMemoryGpu";
import { testedGpu } from "../../../support/engines";

const cache = mkdtempSync(join(tmpdir(), "revgan-gpu-or-processor-"));
afterAll(() => rmSync(cache, { recursive: true, force: true }));
const file = join(cache, "gpuOrProcessor.json");
const env = { ...process.env, REVGAN_CACHE: cache };

interface Kept {
  format: number;
  entries: { key: string; value: { webgpu: number; native: number } }[];
}

// A processor that acts as a GPU is what a slow GPU without memory of its own is like.
describe.runIf(testedGpu !== "none")("a GPU that shares the processor's memory", () => {
  const lines = async (): Promise<[EngineLine, EngineLine]> => [
    await statusOf("webgpu", process.env, undefined, testedGpu),
    await statusOf("native"),
  ];

  it("is left alone where a step of it was seen to take longer, and that is not measured twice", async () => {
    const [webgpu, native] = await lines();
    const why = await whyNotGpu(webgpu, native, testedGpu, env);
    expect(why).toMatch(/^it takes \d+\.\d\d s for a step on llvmpipe.*, and the processor \d+\.\d\d s$/);
    const kept = JSON.parse(readFileSync(file, "utf8")) as Kept;
    const { webgpu: onGpu, native: onProcessor } = kept.entries[0]!.value;
    expect(onGpu).toBeGreaterThan(onProcessor);
    kept.entries[0]!.value = { webgpu: 9.87, native: 1.23 };
    writeFileSync(file, JSON.stringify(kept));
    expect(await whyNotGpu(webgpu, native, testedGpu, env)).toMatch(/9\.87 s .*1\.23 s$/);
    kept.entries[0]!.value = { webgpu: 1.23, native: 9.87 };
    writeFileSync(file, JSON.stringify(kept));
    expect(await whyNotGpu(webgpu, native, testedGpu, env)).toBeNull();
  });

  it("that does not take a step is left alone, and asked again next time", async () => {
    rmSync(file, { force: true });
    const [webgpu, native] = await lines();
    expect(await whyNotGpu(webgpu, native, "a GPU that is none", env)).toMatch(
      /^it does not take a step here: .*there is no GPU "a GPU that is none"/,
    );
    expect(() => readFileSync(file)).toThrow("ENOENT");
  });

  it("is asked for as long as none has memory of its own", async () => {
    const [webgpu] = await lines();
    expect(sharesMemory(webgpu)).toBe(true);
    const [adapter] = webgpu.adapters!;
    expect(sharesMemory({ ...webgpu, adapters: [adapter!, { ...adapter!, kind: "discrete" }] })).toBe(false);
  });
});
