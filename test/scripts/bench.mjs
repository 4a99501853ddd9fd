// `npm run bench`: sets up, and measures our trainer beside PyTorch. `npm run bench -- paired translate` measures parts.
import { build, ensureEngine, ensureMpi, ensurePackages, node } from "./setup.mjs";
import { ensureOnnx, ensurePytorch } from "./python.mjs";

ensurePackages();
build();
ensureEngine();
ensureMpi();
const parts = process.argv.slice(2);
if (parts.length === 0 || parts.includes("onnx")) process.env.REVGAN_ONNX_PYTHON = ensureOnnx();
// The part without PyTorch is not to wait for it.
const python = parts.join() === "onnx" ? "" : ensurePytorch();
node(["dist/bench.js", python, ...parts]);
