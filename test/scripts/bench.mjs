// `npm run bench`: sets up, and compares our trainer with PyTorch. `npm run bench -- paired translate` measures only these parts. The part
// `webgpu` measures our engine alone, so it installs neither PyTorch nor TensorFlow.
import { build, ensureEngine, ensureMpi, ensurePackages, ensureWebGpu, node } from "./setup.mjs";
import { ensureOnnx, ensurePytorch } from "./python.mjs";

ensurePackages();
build();
const parts = process.argv.slice(2);
if (parts[0] === "webgpu") {
  ensureWebGpu();
  node(["dist/bench.js", "", ...parts]);
} else {
  ensureEngine();
  ensureMpi();
  if (parts.length === 0 || parts.includes("onnx")) process.env.REVGAN_ONNX_PYTHON = ensureOnnx();
  // The part `onnx` does not use PyTorch, so PyTorch is not installed for it alone.
  node(["dist/bench.js", parts.join() === "onnx" ? "" : ensurePytorch(), ...parts]);
}
