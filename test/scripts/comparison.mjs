// `npm run comparison`: sets up, trains RevGAN, CycleGAN and pix2pix, and writes test/comparison/report.md.
import { build, ensureEngine, ensurePackages, node } from "./setup.mjs";

ensurePackages();
build();
ensureEngine();
node(["dist/comparison.js", "test/comparison/sweep.json", ...process.argv.slice(2)]);
