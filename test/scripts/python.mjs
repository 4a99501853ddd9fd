// Installs sets of Python packages from PyPI for tests and benches, each once into a virtual environment in the tests' cache folder.
// Versions, and the hashes that pip checks, are in requirements files.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, run, say } from "./setup.mjs";
import { cacheFolder } from "../support/vscode/install.mjs";

/**
 * PyTorch, for benches. PyPI has only the CUDA build, which cannot be imported without NVIDIA's libraries, so these are installed, too;
 * optional packages such as triton are left out.
 */
export function ensurePytorch() {
  return ensure({
    name: "PyTorch",
    module: "torch",
    size: "about 2.5 GB to fetch, 4.3 GB on disk",
    requirements: "test/bench/pytorch/requirements.txt",
    variable: "REVGAN_BENCH_PYTHON",
  });
}

/** ONNX's checker, onnxruntime and Pillow, for tests and benches of exported models. */
export function ensureOnnx() {
  return ensure({
    name: "onnxruntime",
    module: "onnx, onnxruntime, PIL",
    size: "about 60 MB to fetch, 230 MB on disk",
    requirements: "test/support/python/requirements.txt",
    variable: "REVGAN_ONNX_PYTHON",
  });
}

/** TensorBoard, whose reader tests use to check event files. */
export function ensureTensorBoard() {
  return ensure({
    name: "TensorBoard",
    module: "tensorboard",
    size: "about 25 MB",
    requirements: "test/support/tensorboard/requirements.txt",
    variable: "REVGAN_TENSORBOARD_PYTHON",
  });
}

/**
 * The path of a Python with these packages: the one in the environment variable, else the installed one.
 * @throws Error with a remedy if they cannot be installed
 */
function ensure({ name, module, size, requirements, variable }) {
  const named = process.env[variable];
  if (named) return named;
  const file = join(root, requirements);
  const version = createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, 16);
  const folder = join(cacheFolder(), `${name.toLowerCase()}-${version}`);
  const python = join(folder, "bin", "python");
  const done = join(folder, "installed");
  if (existsSync(done)) return python;
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error(`${name} is pinned for Linux on x86-64 alone: name a Python that has it in ${variable}`);
  say(`Installing ${name} from PyPI (${size}, once) …`);
  rmSync(folder, { recursive: true, force: true });
  const install = [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--no-deps",
    "--require-hashes",
    "--no-cache-dir",
    "--requirement",
    file,
  ];
  const made = run("python3", ["-m", "venv", folder]) && run(python, install);
  if (!made || spawnSync(python, ["-c", `import ${module}`]).status !== 0)
    throw new Error(
      `${name} could not be installed; see the messages above, or name a Python that has it in ${variable}`,
    );
  writeFileSync(done, "");
  return python;
}
