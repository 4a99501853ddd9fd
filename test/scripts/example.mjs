// `npm run example`: sets up, trains the example that comes with the extension, and writes it into media/examples.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, ensureEngine, ensurePackages, root } from "./setup.mjs";

ensurePackages();
build();
ensureEngine();
// Imported only here, because vite is one of the packages installed above.
const { runnerImport } = await import("vite");
const { module } = await runnerImport(join(root, "packaging", "exampleRun.ts"));
const scratch = mkdtempSync(join(tmpdir(), "revgan-example-"));
try {
  await module.makeExample(root, scratch);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
