import { build, type Metafile } from "esbuild";
import { readdirSync } from "node:fs";
import { join, sep } from "node:path";
import { isFull } from "./full";

/** A prerequisite that has to be built or installed before a test runs. */
export type Need = "build" | "engine" | "webgpu" | "mpi" | "onnx" | "tensorboard" | "browser" | "vscode";

/** For each prerequisite, the modules that show it: a test that imports one of them, directly or not, needs the prerequisite. */
const signs: Record<Need, readonly string[]> = {
  // The programs in dist/, which tests start.
  build: [
    "test/support/programs.ts",
    "test/support/trainer.ts",
    "test/support/vscode/server.ts",
    "extension/processes/bundlePath.ts",
  ],
  // TensorFlow, which the programs in dist/ load, too.
  engine: [
    "test/support/programs.ts",
    "test/support/vscode/server.ts",
    "extension/trainer/engines/openEngine.ts",
    "extension/trainer/engines/loadNative.ts",
  ],
  webgpu: ["test/support/engines.ts"],
  mpi: ["test/support/ranks.ts"],
  onnx: ["test/support/onnxPython.ts"],
  tensorboard: ["test/support/tensorboard/tensorboard.ts"],
  browser: ["test/support/browser/browser.ts"],
  vscode: ["test/support/vscode/server.ts"],
};

const root = join(import.meta.dirname, "..", "..");

/**
 * The test files of this run, each with its prerequisites. These follow from its imports, direct and indirect, so that no list has to be
 * kept. Files named `*.full.test.ts` belong to `npm run test:full` only. Paths are relative to the checkout, with slashes.
 */
export async function testFiles(): Promise<Map<string, ReadonlySet<Need>>> {
  const files = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
    .map((file) => `test/${file.split(sep).join("/")}`)
    .filter((file) => file.endsWith(".test.ts") && (isFull || !file.endsWith(".full.test.ts")))
    .sort();
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: files,
    outdir: "dist",
    bundle: true,
    // Without splitting, the bundle of each test would contain a copy of all shared modules.
    splitting: true,
    write: false,
    metafile: true,
    packages: "external",
    platform: "node",
    format: "esm",
    loader: { ".ttf": "empty" },
    logLevel: "error",
  });
  return new Map(files.map((file) => [file, needsOf(file, metafile.inputs)]));
}

/** The prerequisites of a test file. @param inputs every module with its imports, without imports of types */
function needsOf(file: string, inputs: Metafile["inputs"]): ReadonlySet<Need> {
  const reached = new Set([file]);
  for (const module of reached) {
    for (const { path, external } of inputs[module]?.imports ?? []) if (external !== true) reached.add(path);
  }
  return new Set((Object.keys(signs) as Need[]).filter((need) => signs[need].some((sign) => reached.has(sign))));
}
