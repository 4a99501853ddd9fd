import { build, type Metafile } from "esbuild";
import { readdirSync } from "node:fs";
import { join, sep } from "node:path";
import { isFull } from "./full";

/** What a test may need to be there before it runs. */
export type Need = "build" | "engine" | "webgpu" | "mpi" | "onnx" | "tensorboard" | "browser" | "vscode";

/** A test needs it when one of these modules is among its imports. */
const signs: Record<Need, readonly string[]> = {
  // What is in dist/, which runs beside the test.
  build: [
    "test/support/programs.ts",
    "test/support/trainer.ts",
    "test/support/vscode/server.ts",
    "extension/processes/bundlePath.ts",
  ],
  // TensorFlow, which these programs load, too.
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
 * The test files of this run, each with what it needs, told by what it imports, directly or through other modules: there is no list
 * to keep. Files named `*.full.test.ts` are those of `npm run test:full` alone. Paths are from the checkout's folder, with slashes.
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
    // Else each file's bundle would repeat what they share, a thousand times.
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

/** @param inputs every module that was read, with what it imports; types are not among it */
function needsOf(file: string, inputs: Metafile["inputs"]): ReadonlySet<Need> {
  const reached = new Set([file]);
  for (const module of reached) {
    for (const { path, external } of inputs[module]?.imports ?? []) if (external !== true) reached.add(path);
  }
  return new Set((Object.keys(signs) as Need[]).filter((need) => signs[need].some((sign) => reached.has(sign))));
}
