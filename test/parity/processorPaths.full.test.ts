import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ended } from "../support/programs";
import { type Distances, distanceTable } from "./distances";
import { fixtureNames } from "./fixtures";

const root = join(import.meta.dirname, "..", "..");

/**
 * parity.test.ts by every path that an x86 machine's numbers can take, each in a process of its own, since TensorFlow reads these variables
 * once. oneDNN takes the best that the processor has of what it is allowed: a machine without AVX-512 runs AVX2 under both names. How many
 * threads share a sum changes its order, too.
 */
const paths = [
  { path: "as TensorFlow chooses", engine: "native", variables: {} },
  { path: "oneDNN up to AVX", engine: "native", variables: { ONEDNN_MAX_CPU_ISA: "AVX" } },
  { path: "oneDNN up to AVX2", engine: "native", variables: { ONEDNN_MAX_CPU_ISA: "AVX2" } },
  { path: "oneDNN up to AVX-512", engine: "native", variables: { ONEDNN_MAX_CPU_ISA: "AVX512_CORE" } },
  { path: "without oneDNN", engine: "native", variables: { TF_ENABLE_ONEDNN_OPTS: "0" } },
  { path: "Winograd without AVX2", engine: "native", variables: { REVGAN_INSTRUCTIONS: "plain" } },
  { path: "Winograd up to AVX2", engine: "native", variables: { REVGAN_INSTRUCTIONS: "avx2" } },
  { path: "direct convolutions", engine: "native", variables: { REVGAN_TEST_CONVOLUTION: "direct" } },
  { path: "1 thread", engine: "native", variables: { TF_NUM_INTRAOP_THREADS: "1" } },
  { path: "8 threads", engine: "native", variables: { TF_NUM_INTRAOP_THREADS: "8" } },
  { path: "WASM", engine: "wasm", variables: {} },
] as const;

/** The part of vitest's report in JSON that is read. */
interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly failureMessages: readonly string[];
      readonly meta: { readonly distances?: Distances };
    }[];
  }[];
}

let folder: string;
const rows: Parameters<typeof distanceTable>[0][number][] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "revgan-paths-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  console.info(distanceTable(rows));
});

it.each(paths)("$path: as PyTorch trains", { timeout: 600_000 }, async ({ path, engine, variables }) => {
  const report = join(folder, `${path}.json`);
  const { stdout, stderr } = await ended(
    process.execPath,
    [
      join(root, "node_modules", "vitest", "vitest.mjs"),
      ...["run", join(import.meta.dirname, "parity.test.ts"), "--testNamePattern", `^on ${engine} .* is trained as`],
      ...["--reporter", "json", "--outputFile", report],
    ],
    { cwd: root, env: { REVGAN_TEST_FULL: "0", REVGAN_TEST_ENGINE: "", ...variables } },
  );
  expect(existsSync(report), stdout + stderr).toBe(true);
  const { testResults } = JSON.parse(readFileSync(report, "utf8")) as Report;
  const results = testResults.flatMap(({ assertionResults }) => assertionResults);
  rows.push(...results.flatMap(({ meta: { distances } }) => (distances === undefined ? [] : [{ path, ...distances }])));
  expect(
    results.flatMap(({ fullName, failureMessages }) => failureMessages.map((why) => `${fullName}: ${why}`)),
  ).toEqual([]);
  expect(new Set(rows.filter((row) => row.path === path).map(({ fixture }) => fixture))).toEqual(new Set(fixtureNames));
});
