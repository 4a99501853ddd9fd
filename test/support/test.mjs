// `npm test`: sets up, checks types, lint and layering, and runs every test. `npm test -- test/unit/nn` runs a part.
import { ensureBrowser, ensureVscode } from "./vscode/install.mjs";
import { build, ensureEngine, ensurePackages, say, tool } from "./setup.mjs";

ensurePackages();
build();
if (!ensureEngine()) {
  say("The native engine is not there, so its tests cannot pass; see the message above.");
  process.exit(1);
}
const part = process.argv.slice(2);
if (part.length === 0) {
  say("Checking types …");
  tool("typescript/bin/tsc", ["--noEmit"]);
  for (const project of ["webview", "test/webview"]) tool("typescript/bin/tsc", ["--noEmit", "-p", project]);
  say("Checking style …");
  tool("eslint/bin/eslint.js", ["extension", "packaging", "webview", "test"]);
  say("Checking who imports whom …");
  tool("dependency-cruiser/bin/dependency-cruise.mjs", [
    "--config",
    ".dependency-cruiser.cjs",
    "--output-type",
    "err",
    "extension",
    "packaging",
    "webview",
    "test",
  ]);
}
const needs = (...folders) => part.length === 0 || part.some((word) => folders.some((folder) => word.includes(folder)));
if (needs("vscode", "webview", "view")) ensureBrowser();
if (needs("vscode")) ensureVscode();
say("Testing …");
tool("vitest/vitest.mjs", ["run", ...part]);
