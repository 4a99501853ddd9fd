// `npm run screenshots`: sets up, trains in a real VS Code, and writes README's pictures into media/screenshots.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { build, ensureEngine, ensurePackages, root } from "./setup.mjs";

ensurePackages();
build();
ensureEngine();
// Imported only here, because vite is one of the packages installed above.
const { runnerImport } = await import("vite");
const { ensureBrowser, ensureVscode } = await import("../support/vscode/install.mjs");
ensureBrowser();
ensureVscode();
const folder = join(root, "media", "screenshots");
mkdirSync(folder, { recursive: true });
const { module } = await runnerImport(join(root, "test", "support", "vscode", "screenshots.ts"));
await module.takeScreenshots(root, folder);
