// `npm run soak`: sets up, trains ten thousand steps, and checks that no resource of the process grows.
import { build, ensureEngine, ensurePackages, node } from "./setup.mjs";

ensurePackages();
build();
ensureEngine();
node(["dist/soak.js", ...process.argv.slice(2)]);
