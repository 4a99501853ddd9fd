// `npm run bench`: sets up, and measures our trainer beside PyTorch. `npm run bench -- paired translate` measures parts. Those of the engine
// `webgpu`, which is measured alone, need neither PyTorch nor TensorFlow.
import { build, ensureEngine, ensureMpi, ensurePackages, ensureWebGpu, node } from "./setup.mjs";
import { ensurePytorch } from "./pytorch.mjs";

ensurePackages();
build();
const [first, ...rest] = process.argv.slice(2);
if (first === "webgpu") {
  ensureWebGpu();
  node(["dist/bench.js", "", first, ...rest]);
} else {
  ensureEngine();
  ensureMpi();
  node(["dist/bench.js", ensurePytorch(), ...process.argv.slice(2)]);
}
