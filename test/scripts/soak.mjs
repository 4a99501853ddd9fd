// `npm run soak`: sets up, and trains for ten thousand steps in search of anything that grows.
import { build, ensureEngine, ensurePackages, node } from "./setup.mjs";

ensurePackages();
build();
ensureEngine();
node(["dist/soak.js", ...process.argv.slice(2)]);
