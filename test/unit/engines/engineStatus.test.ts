import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { engineLineSchema } from "../../../extension/protocol/lines";
import { chooseEngine } from "../../../extension/trainer/engines/chooseEngine";
import { engineStatus } from "../../../extension/trainer/engines/engineStatus";
import { loadNativeBinding } from "../../../extension/trainer/engines/loadNative";
import { locateEngine, writeRecord } from "../../../extension/trainer/engines/installed";
import { removeNative } from "../../../extension/trainer/engines/install/removeNative";
import { engineTable } from "../../../extension/trainer/commandLine/engineTable";
import { errorOf, scratchFolder } from "./scratch";

/** And a machine without nvidia-smi. */
const emptyCache = (): NodeJS.ProcessEnv => ({ REVGAN_CACHE: scratchFolder(), PATH: "/nowhere" });

/** A cache with an engine whose binding is no library. */
async function brokenEngine(
  version = "9.9.9",
  installedAt = "2026-01-01T00:00:00.000Z",
  env = emptyCache(),
  engine: "native" | "native-gpu" = "native",
): Promise<NodeJS.ProcessEnv> {
  const folder = join(env["REVGAN_CACHE"]!, "engines", `${engine}-${version}-${process.platform}-${process.arch}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "tfjs_binding.node"), "not a library");
  await writeRecord(folder, {
    format: 5,
    engine,
    version,
    platform: process.platform,
    arch: process.arch,
    source: "test",
    installedAt,
  });
  return env;
}

describe("engineStatus", () => {
  it("gives a line for each engine, the fastest first, as the contract has it", async () => {
    const lines = await engineStatus(emptyCache());
    expect(lines.map(({ name }) => name)).toEqual(["native-gpu", "webgpu", "native", "wasm"]);
    for (const line of lines) expect(engineLineSchema.parse(line)).toEqual(line);
    expect(lines[0]).toMatchObject({
      available: false,
      reason: "no GPU was found: there is no nvidia-smi, which comes with NVIDIA's driver",
    });
    expect(lines[1]).toMatchObject({
      available: false,
      version: null,
      reason: "it is not installed",
      remedy: "run `revgan engine install --webgpu`",
    });
    expect(lines[2]).toMatchObject({ reason: "it is not installed", remedy: "run `revgan engine install`" });
    expect(lines[3]).toMatchObject({ available: true, version: "TensorFlow.js 4.22.0", reason: null });
  });

  it("does not call an engine available that does not load", async () => {
    const line = (await engineStatus(await brokenEngine()))[2]!;
    expect(line.available).toBe(false);
    expect(line.reason).toContain("does not load");
    expect(line.remedy).toContain("revgan engine remove");
  });

  it("reads well as a table", async () => {
    expect(engineTable(await engineStatus(emptyCache()))).toEqual([
      "ENGINE      WORKS  VERSION               DEVICE",
      "native-gpu  no     -                     -",
      "webgpu      no     -                     -",
      "native      no     -                     -",
      "wasm        yes    TensorFlow.js 4.22.0  CPU (1 core)",
      "",
      "native-gpu: no GPU was found: there is no nvidia-smi, which comes with NVIDIA's driver; install NVIDIA's driver 525.60.13 or a later one if there is a GPU",
      "webgpu: it is not installed; run `revgan engine install --webgpu`",
      "native: it is not installed; run `revgan engine install`",
    ]);
  });
});

describe("chooseEngine", () => {
  it("takes the best that works and says why no better one", async () => {
    expect(await chooseEngine("auto", emptyCache())).toEqual({
      name: "wasm",
      version: expect.stringMatching(/^TensorFlow.js \d/) as string,
      device: "CPU (1 core)",
      why: "wasm, because the native engine is not installed (run `revgan engine install`)",
    });
    expect((await chooseEngine("auto", await brokenEngine())).why).toMatch(
      /^wasm, because the native engine does not work here: TensorFlow does not load: .+ \(run `revgan engine remove`/,
    );
  });

  it("never replaces the one that was asked for", async () => {
    const error = await errorOf(chooseEngine("native", emptyCache()));
    expect(error.code).toBe("engine");
    expect(error.message).toBe("the native engine does not work here: it is not installed");
    expect((await errorOf(chooseEngine("native-gpu", emptyCache()))).code).toBe("engine");
  });
});

describe("an engine in the cache", () => {
  it("is found only when it is complete, and the latest one wins", async () => {
    const env = await brokenEngine("2.0.0", "2026-02-01T00:00:00.000Z");
    await brokenEngine("1.0.0", "2026-03-01T00:00:00.000Z", env);
    mkdirSync(join(env["REVGAN_CACHE"]!, "engines", `native-3.0.0-${process.platform}-${process.arch}`));
    expect(locateEngine("native", env)).toMatchObject({ version: "1.0.0", source: "revgan" });
    expect(locateEngine("native", emptyCache())).toBeNull();
  });

  it("of a GPU serves as the native one where there is no other, and each is removed", async () => {
    const env = await brokenEngine("9.0.0", undefined, emptyCache(), "native-gpu");
    expect([locateEngine("native", env)?.version, locateEngine("native-gpu", env)?.version]).toEqual([
      "9.0.0",
      "9.0.0",
    ]);
    await brokenEngine("8.0.0", undefined, env);
    expect([locateEngine("native", env)?.version, locateEngine("native-gpu", env)?.version]).toEqual([
      "8.0.0",
      "9.0.0",
    ]);
    expect((await removeNative(env)).folders).toHaveLength(2);
    expect([locateEngine("native", env), locateEngine("native-gpu", env)]).toEqual([null, null]);
  });

  it("is refused with a remedy when it does not load, or is not there", async () => {
    const env = await brokenEngine();
    expect(() => loadNativeBinding("native", env)).toThrow("the native engine does not load");
    expect(() => loadNativeBinding("native", emptyCache())).toThrow("the native engine is not installed");
  });

  it("is removed with everything half downloaded", async () => {
    const env = await brokenEngine();
    const downloads = join(env["REVGAN_CACHE"]!, "downloads");
    mkdirSync(downloads);
    writeFileSync(join(downloads, "x.whl.part"), Buffer.alloc(5000));
    const removed = await removeNative(env);
    expect(removed.folders).toHaveLength(1);
    expect(removed.bytes).toBeGreaterThan(5000);
    expect(locateEngine("native", env)).toBeNull();
    expect(await removeNative(env)).toEqual({ folders: [], bytes: 0 });
    expect(await removeNative({ REVGAN_CACHE: join(scratchFolder(), "none") })).toEqual({ folders: [], bytes: 0 });
  });
});
