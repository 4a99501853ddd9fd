// `npm run drift`: sets up and prints how exact the reversible core is, by depth.
import { build, ensureEngine, ensurePackages, node } from "./setup.mjs";

ensurePackages();
build();
ensureEngine();
node(["dist/drift.js"]);
