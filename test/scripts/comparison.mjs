// `npm run comparison`: sets up, trains RevGAN beside CycleGAN and pix2pix, and writes test/comparison/report.md.
import { join } from "node:path";
import { build, ensureEngine, ensurePackages, node } from "./setup.mjs";
import { cacheFolder } from "../support/vscode/install.mjs";

ensurePackages();
build();
ensureEngine();
node(["dist/comparison.js", join(cacheFolder(), "comparison"), ...process.argv.slice(2)]);
