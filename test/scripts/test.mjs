// `npm test`: runs everything that a merge has to pass, and installs what is missing. `npm test -- test/unit/nn` builds and installs only
// what these tests need. `npm run test:full` runs the same tests with more cases, and those of `*.full.test.ts`.
import { join } from "node:path";
import { build, ensureEngine, ensureMpi, ensurePackages, ensureWebGpu, npm, root, say, tool } from "./setup.mjs";
import { ensureOnnx, ensureTensorBoard } from "./python.mjs";
import { ensureBrowser, ensureVscode } from "../support/vscode/install.mjs";

const words = process.argv.slice(2);
if (words.includes("--full")) process.env.REVGAN_TEST_FULL = "1";
const paths = words.filter((word) => word !== "--full");

ensurePackages();
// Imported only here, because vite is one of the packages installed above.
const { runnerImport } = await import("vite");
const { module: tests } = await runnerImport(join(root, "test", "support", "needs.ts"));
const chosen = [...(await tests.testFiles())].filter(
  ([file]) => paths.length === 0 || paths.some((path) => file.includes(path)),
);
if (chosen.length === 0) {
  say(`revgan: no test has ${paths.join(" or ")} in its path; give paths from the checkout's folder, with slashes`);
  process.exit(2);
}
// The check runs first, so that faults in the sources are reported before anything is downloaded.
if (paths.length === 0) npm(["run", "--silent", "check"]);

const needs = new Set(chosen.flatMap(([, each]) => [...each]));
// The engine is installed by our own command line, which must be built for it.
if (needs.has("build") || needs.has("engine")) build();
if (needs.has("engine") && !ensureEngine()) {
  say("The native engine is not there, so its tests cannot pass; see the message above.");
  process.exit(1);
}
if (needs.has("webgpu") && !ensureWebGpu()) process.env.REVGAN_TEST_WEBGPU = "none";
if (needs.has("mpi") && !ensureMpi()) process.exit(1);
if (needs.has("tensorboard")) process.env.REVGAN_TENSORBOARD_PYTHON = ensureTensorBoard();
if (needs.has("onnx")) process.env.REVGAN_ONNX_PYTHON = ensureOnnx();
if (needs.has("browser")) ensureBrowser();
if (needs.has("vscode")) ensureVscode();
say("Testing …");
tool("vitest/vitest.mjs", paths.length === 0 ? ["run", "--project", "!unit"] : ["run", ...paths]);
