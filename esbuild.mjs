// Bundles the programs into dist/. What is native or loads files beside itself stays outside the bundle and is resolved from
// node_modules at run time, so that `--help` answers without loading an engine or an image library.
import { build } from "esbuild";
import { rm } from "node:fs/promises";

await rm("dist", { recursive: true, force: true });
await build({
  entryPoints: {
    cli: "extension/trainer/cli.ts",
    decoder: "extension/trainer/data/decoder.ts",
    demo: "test/demo/demo.ts",
    drift: "test/bench/drift.ts",
  },
  outdir: "dist",
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  // jsonc-parser's `main` is UMD, which hides its parts from a bundler.
  mainFields: ["module", "main"],
  sourcemap: true,
  splitting: false,
  logLevel: "warning",
  external: ["@tensorflow/*", "sharp", "node-api-headers"],
  define: {
    // Programs find each other beside themselves; from source the tests find them in dist/.
    "import.meta.dirname": "__dirname",
    "process.env.REVGAN_VERSION": JSON.stringify((await import("./package.json", { with: { type: "json" } })).default.version) },
});
