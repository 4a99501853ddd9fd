// Bundles the programs into dist/. What is native or loads files beside itself stays outside the bundle and is resolved from
// node_modules at run time, so that `--help` answers, and the extension starts, without loading an engine or an image library.
import { build } from "esbuild";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { basename } from "node:path";

const { version } = JSON.parse(await readFile("package.json", "utf8"));
const production = process.argv.includes("--production");
// A package is built into a folder of its own: programs that run from dist/ keep what they have.
const out = process.argv.indexOf("--out");
const dist = out < 0 ? "dist" : process.argv[out + 1];

const common = {
  bundle: true,
  sourcemap: !production,
  minify: production,
  metafile: true,
  logLevel: "warning",
  define: {
    // Programs find each other beside themselves; from source the tests find them in dist/.
    "import.meta.dirname": "__dirname",
    "process.env.REVGAN_VERSION": JSON.stringify(version),
  },
};

/**
 * What the host and the viewer know of a network comes from its layers, which neither is to load before something is asked of them: what is
 * imported dynamically is a bundle of its own.
 */
const apart = {
  name: "apart",
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ kind, path }) =>
      kind === "dynamic-import" ? { path: `./${basename(path)}.js`, external: true } : undefined,
    );
  },
};

/**
 * Of a namespace import esbuild copies every property, once for each file that has one: with VS Code's API that took a third of the time in
 * which the extension is loaded. Here its files share the object that VS Code gives.
 */
const sharedApi = {
  name: "shared API",
  setup({ onLoad, onResolve }) {
    const statement = 'import * as vscode from "vscode";';
    onLoad({ filter: /[\\/]extension[\\/]vscode[\\/].*\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replace(statement, 'const vscode = require("vscode");'),
      loader: "ts",
    }));
    onResolve({ filter: /^vscode$/ }, ({ namespace }) =>
      namespace === "api" ? { path: "vscode", external: true } : { path: "vscode", namespace: "api" },
    );
    onLoad({ filter: /^vscode$/, namespace: "api" }, () => ({ contents: 'module.exports = require("vscode");' }));
  },
};

/** Programs of Node: the trainer and what it forks, the extension host's part, the server of `revgan view`, and the tests' own. */
const programs = {
  ...common,
  entryPoints: {
    cli: "extension/trainer/cli.ts",
    networkCosts: "extension/trainer/memoryTheory/networkCosts.ts",
    decoder: "extension/trainer/data/decoder/decoder.ts",
    ...(production
      ? {}
      : {
          demo: "test/demo/demo.ts",
          drift: "test/bench/drift.ts",
          bench: "test/bench/bench.ts",
          benchWorker: "test/bench/worker.ts",
          comparison: "test/comparison/comparison.ts",
          soak: "test/bench/soak.ts",
          firstStep: "test/bench/firstStep.ts",
        }),
  },
  outdir: dist,
  platform: "node",
  format: "cjs",
  target: "node20",
  // jsonc-parser's `main` is UMD, which hides its parts from a bundler.
  mainFields: ["module", "main"],
  external: ["@tensorflow/*", "sharp", "node-api-headers"],
  plugins: [apart, sharedApi],
};
for (const [name, path] of Object.entries({
  extension: "extension/vscode/extension.ts",
  trainer: "extension/trainer/main.ts",
  heartbeat: "extension/trainer/ipc/heartbeatThread.ts",
  viewer: "extension/browserServer/main.ts",
  memoryProbe: "extension/trainer/memoryMeasurement/memoryProbe.ts",
})) {
  if (existsSync(path)) programs.entryPoints[name] = path;
}

/** The page of the panel and the side view. */
const webview = {
  ...common,
  entryPoints: { webview: "webview/main.ts" },
  outdir: `${dist}/webview`,
  platform: "browser",
  format: "iife",
  target: "es2022",
  loader: { ".ttf": "file" },
};

await mkdir(dist, { recursive: true });
// What `revgan engine install` compiles where no compiled binding came with us.
await cp("extension/trainer/native", `${dist}/native`, { recursive: true });
for (const options of [programs, webview]) {
  const { metafile } = await build(options);
  // What each bundle holds: the tests assert from it what must stay outside.
  await writeFile(`${dist}/${options === webview ? "webview" : "programs"}.meta.json`, JSON.stringify(metafile));
}
