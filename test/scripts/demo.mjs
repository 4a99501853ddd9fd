// `npm run demo`: sets up, trains RevGAN on the bundled pictures, and shows what it has learnt.
import { build, ensureEngine, ensurePackages, node, say } from "./setup.mjs";

ensurePackages();
build();
if (!ensureEngine()) say("Going on without TensorFlow: the WASM engine trains a smaller network.");
node(["dist/demo.js", ...process.argv.slice(2)]);
