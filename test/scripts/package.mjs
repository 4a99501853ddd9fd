// `npm run package`: makes the .vsix for this platform, or for another one with `-- --target`.
import { ensurePackages, node } from "./setup.mjs";

ensurePackages();
node(["packaging/run.mjs", ...process.argv.slice(2)]);
