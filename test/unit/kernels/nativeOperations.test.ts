import { build } from "esbuild";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadNativeBinding } from "../../../extension/trainer/engines/loadNative";
import { ended } from "../../support/programs";
import { extent } from "../../support/full";
import type { ProbeResult } from "./operationsProbe";

let folder: string;
let program: string;

/** Instructions, the newest that the processor has where it lacks those. */
const sets = process.arch === "x64" ? ["avx512", "avx2", "plain"] : ["plain"];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "revgan-operations-"));
  program = join(folder, "probe.cjs");
  await build({
    entryPoints: [join(import.meta.dirname, "operationsProbe.ts")],
    bundle: true,
    platform: "node",
    format: "cjs",
    define: { "import.meta.dirname": "__dirname" },
    external: ["@tensorflow/*"],
    outfile: program,
    logLevel: "error",
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

async function probed(env: NodeJS.ProcessEnv): Promise<ProbeResult> {
  const { code, stdout, stderr } = await ended(process.execPath, [program, "--probe"], { env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout) as ProbeResult;
}

describe.each(sets)("our own operations with %s instructions", (set) => {
  const env = { REVGAN_INSTRUCTIONS: set, TF_NUM_INTRAOP_THREADS: "2" };
  let result: ProbeResult;
  beforeAll(async () => {
    result = await probed(env);
  });

  it("are as exact as float32 allows, in each way that native/ has", () => {
    const rows = result.operations.flatMap(({ name, errors }) =>
      errors === null ? [] : [[name, errors.ours.toExponential(1), errors.direct.toExponential(1)]],
    );
    console.info(
      [[`${result.instructions}: rms error`, "ours", "direct"], ...rows].map((row) => row.join("\t")).join("\n"),
    );
    expect(rows.length).toBeGreaterThan(10);
    for (const { name, difference, errors } of result.operations) {
      expect(difference, name).toBeLessThan(2e-6);
      expect(errors?.ours ?? 0, name).toBeLessThan(1e-6);
    }
  });

  it.each(extent(["1", "5"], ["1", "3", "4", "5", "16"]))("have the same bits on %s threads", async (threads) => {
    const { operations } = await probed({ ...env, TF_NUM_INTRAOP_THREADS: threads });
    const hashes = (all: ProbeResult["operations"]): object =>
      Object.fromEntries(all.map(({ name, hash }) => [name, hash]));
    expect(hashes(operations)).toEqual(hashes(result.operations));
  });
});

it("use the instructions that are named where the processor has them, else its newest", () => {
  // Chosen once a process: what this one took is among them.
  expect(sets).toContain(loadNativeBinding("native").instructions);
});
