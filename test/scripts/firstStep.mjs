// `npm run bench:data`: sets up, and measures how long the first step takes with few and with many files.
import { build, ensureEngine, ensurePackages, node } from "./setup.mjs";

ensurePackages();
build();
ensureEngine();
node(["dist/firstStep.js"]);
