// PyTorch for the bench. The versions are in test/bench/pytorch/requirements.txt. PyPI's only wheel for Linux on x86-64 is the CUDA build,
// which cannot be imported without NVIDIA's libraries: what it needs beside those (triton and the like) is left out.
import { join } from "node:path";
import { ensurePython } from "./python.mjs";
import { root } from "./setup.mjs";

const requirements = join(root, "test", "bench", "pytorch", "requirements.txt");

/** The path of a Python that has PyTorch: `REVGAN_BENCH_PYTHON`, else our own. Throws an Error that says what to do. */
export function ensurePytorch() {
  const named = process.env.REVGAN_BENCH_PYTHON;
  if (named) return named;
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error("PyTorch is pinned for Linux on x86-64 alone: name a Python that has it in REVGAN_BENCH_PYTHON");
  return ensurePython("PyTorch", "torch", requirements, "about 2.5 GB to fetch, 4.3 GB on disk");
}
