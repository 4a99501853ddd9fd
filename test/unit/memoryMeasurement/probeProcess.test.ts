import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../../extension/configuration/config";
import { RevganError } from "../../../extension/protocol/errors";
import { MemoryTheory } from "../../../extension/trainer/memoryTheory/memoryTheory";
import { measureStepInProcess } from "../../../extension/trainer/memoryMeasurement/probeProcess";

const folder = mkdtempSync(join(tmpdir(), "revgan-probe-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const config = parseConfig(
  {
    network: { width: 4, depth: 2, discriminator: { width: 4, layers: 1 } },
    data: { loadSize: null, cropSize: 16 },
    engine: "wasm",
  },
  "the test's configuration",
);

/** A probe that behaves as the script says. */
function probe(name: string, script: string): string {
  const path = join(folder, `${name}.cjs`);
  writeFileSync(path, script);
  return path;
}

async function refusal(program: string | undefined, { abortAfter = "", given = config } = {}): Promise<RevganError> {
  const stopper = new AbortController();
  const engine = (why: string): void => {
    if (why === abortAfter) stopper.abort();
  };
  const error: unknown = await measureStepInProcess(given, { engine, signal: stopper.signal }, program).catch(
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RevganError);
  return error as RevganError;
}

describe("a measurement in a process of its own", () => {
  it("says which engine it runs on, and what it measured", async () => {
    const heard: string[] = [];
    const { engine, measured, residentBytes, seconds } = await measureStepInProcess(config, {
      engine: (why) => heard.push(why),
      signal: new AbortController().signal,
    });
    expect(heard).toEqual([expect.stringMatching(/^wasm, as configured/)]);
    expect(engine).toBe("wasm");
    expect(measured.weights).toBe(new MemoryTheory(config).at({ depth: 2, backprop: "recompute" }).weights);
    expect(residentBytes).toBeGreaterThan(measured.peak);
    expect(seconds).toBeGreaterThan(0);
  });

  it("is not disturbed by what an earlier one needed: its resident set is its own", async () => {
    const large = { ...config, data: { ...config.data, cropSize: 128 } };
    const quiet = { engine: () => undefined, signal: new AbortController().signal };
    const before = await measureStepInProcess(large, quiet);
    const after = await measureStepInProcess(config, quiet);
    expect(after.residentBytes).toBeLessThan(before.residentBytes);
  });

  it("passes on what the engine says against it", async () => {
    const error = await refusal(undefined, { given: { ...config, engine: "native-gpu" } });
    expect(error).toMatchObject({
      code: "engine",
      message: expect.stringMatching(/native-gpu engine does not work here/) as string,
    });
  });

  it("that the system kills was probably out of memory", async () => {
    const error = await refusal(probe("killed", `process.once("message", () => process.kill(process.pid, "SIGKILL"))`));
    expect(error).toMatchObject({ code: "engine", remedy: expect.stringMatching(/lower/) as string });
    expect(error.message).toBe(
      "the process that measured depth 2 with backprop recompute was killed by the system, most likely because memory ran out",
    );
  });

  it("that ends in another way tells its last words", async () => {
    const error = await refusal(
      probe(
        "ended",
        `process.stderr.write("loading\\nno such instruction\\n"); process.once("message", () => process.exit(3))`,
      ),
    );
    expect(error.message).toMatch(/depth 2 .* ended with exit code 3: no such instruction$/);
  });

  it("ends at once when it is interrupted, however busy it is", async () => {
    const busy = `process.once("message", () => { process.send({ type: "engine", why: "busy" }, () => { for (;;); }); })`;
    expect(await refusal(probe("busy", busy), { abortAfter: "busy" })).toMatchObject({
      code: "interrupted",
      exitCode: 130,
    });
  });

  it("does not begin when it is interrupted before", async () => {
    const error: unknown = await measureStepInProcess(config, {
      engine: () => expect.unreachable(),
      signal: AbortSignal.abort(),
    }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "interrupted" });
  });

  it("that Ctrl-C ended before anybody else heard of it was interrupted, too", async () => {
    expect(
      await refusal(probe("group", `process.once("message", () => process.kill(process.pid, "SIGINT"))`)),
    ).toMatchObject({ code: "interrupted" });
  });
});
