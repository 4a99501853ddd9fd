// `npm run bench:panel`: sets up, packages the extension, and measures its speed in a real VS Code.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, ensureEngine, ensurePackages, node, root, say } from "./setup.mjs";

ensurePackages();
build();
ensureEngine();
// Imported only here, because vite is one of the packages installed above.
const { runnerImport } = await import("vite");
const { ensureBrowser, ensureVscode } = await import("../support/vscode/install.mjs");
ensureBrowser();
ensureVscode();
const folder = mkdtempSync(join(tmpdir(), "revgan-bench-"));
try {
  say("Packing …");
  node(["packaging/run.mjs", "--out", folder]);
  const { module } = await runnerImport(join(root, "test", "bench", "panel.ts"));
  await module.bench(
    join(
      folder,
      readdirSync(folder).find((name) => name.endsWith(".vsix")),
    ),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
