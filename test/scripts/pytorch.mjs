// PyTorch for the bench, from PyPI, installed once into a virtual environment in the tests' cache folder. The versions, and the
// hashes that pip checks, are in test/bench/pytorch/requirements.txt. PyPI's only wheel for Linux on x86-64 is the CUDA build,
// which cannot be imported without NVIDIA's libraries: what it needs beside those (triton and the like) is left out.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, run, say } from "./setup.mjs";
import { cacheFolder } from "../support/vscode/install.mjs";

const requirements = join(root, "test", "bench", "pytorch", "requirements.txt");

/** The path of a Python that has PyTorch: `REVGAN_BENCH_PYTHON`, else our own. Throws an Error that says what to do. */
export function ensurePytorch() {
  const named = process.env.REVGAN_BENCH_PYTHON;
  if (named) return named;
  const version = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 16);
  const folder = join(cacheFolder(), `pytorch-${version}`);
  const python = join(folder, "bin", "python");
  const done = join(folder, "installed");
  if (existsSync(done)) return python;
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error("PyTorch is pinned for Linux on x86-64 alone: name a Python that has it in REVGAN_BENCH_PYTHON");
  say("Installing PyTorch from PyPI (about 2.5 GB to fetch, 4.3 GB on disk, once) …");
  rmSync(folder, { recursive: true, force: true });
  const made =
    run("python3", ["-m", "venv", folder]) &&
    run(python, [
      "-m",
      "pip",
      "install",
      "--quiet",
      "--no-deps",
      "--require-hashes",
      "--no-cache-dir",
      "--requirement",
      requirements,
    ]);
  if (!made || spawnSync(python, ["-c", "import torch"]).status !== 0)
    throw new Error(
      "PyTorch could not be installed; see the messages above, or name a Python that has it in REVGAN_BENCH_PYTHON",
    );
  writeFileSync(done, "");
  return python;
}
