// `npm run bench`: sets up, and measures our trainer beside PyTorch. `npm run bench -- paired translate` measures parts.
import { build, ensureEngine, ensureMpi, ensurePackages, node } from "./setup.mjs";
import { ensurePytorch } from "./python.mjs";

ensurePackages();
build();
ensureEngine();
ensureMpi();
node(["dist/bench.js", ensurePytorch(), ...process.argv.slice(2)]);
