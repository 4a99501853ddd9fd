// `npm run gpu`: installs the GPU engine into the tests' cache (2.8 GB to fetch, 4.1 GB on disk, once), says whether a GPU works here,
// and tests the engine against PyTorch's figures without TF32; on the CPU if there is no GPU. `-- FILE…` runs other tests.
// `-- --webgpu` makes a bundle instead, with which the engine `webgpu` is measured on a machine that has a GPU (gpuBundle.mjs).
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { build, ensurePackages, node, root, say } from "./setup.mjs";
import { cacheFolder } from "../support/vscode/install.mjs";

ensurePackages();
if (process.argv.includes("--webgpu")) {
  const { makeGpuBundle } = await import("./gpuBundle.mjs");
  await makeGpuBundle();
  process.exit();
}
build();
const env = { ...process.env, REVGAN_CACHE: join(cacheFolder(), "gpu"), NVIDIA_TF32_OVERRIDE: "0" };
node(["dist/cli.js", "engine", "install", "--gpu"], { env });
node(["dist/cli.js", "engine", "status"], { env });
const { stdout } = spawnSync(process.execPath, ["dist/cli.js", "engine", "status", "--json"], {
  cwd: root,
  env,
  encoding: "utf8",
});
const works = stdout.split("\n").some((line) => line.includes('"name":"native-gpu","available":true'));
say(works ? "Testing on the GPU …" : "Testing the GPU's build on the CPU …");
const given = process.argv.slice(2);
const tests = given.length > 0 ? given : ["test/parity", "test/unit/kernels"];
node(["node_modules/vitest/vitest.mjs", "run", "--project", "parts", ...tests], {
  env: { ...env, ...(works && { REVGAN_TEST_ENGINE: "native-gpu" }) },
});
