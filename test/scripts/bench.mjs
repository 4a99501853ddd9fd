// `npm run bench`: sets up, and measures our trainer beside PyTorch. `npm run bench -- paired translate` measures parts. Those of the engine
// `webgpu`, which is measured alone, need neither PyTorch nor TensorFlow.
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
  // The part without PyTorch is not to wait for it.
  node(["dist/bench.js", parts.join() === "onnx" ? "" : ensurePytorch(), ...parts]);
}
