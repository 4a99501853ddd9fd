// Bundles the packaging program and runs it with this process's arguments.
import { build } from "esbuild";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
// Below node_modules, so that the program finds the packages that it requires.
const program = join(root, "node_modules", ".cache", "revgan", "package.cjs");
await build({
  entryPoints: [join(root, "packaging", "main.ts")],
  outfile: program,
  bundle: true,
  platform: "node",
  target: "node20",
  packages: "external",
  define: { "import.meta.dirname": "__dirname" },
  logLevel: "warning",
});
process.chdir(root);
await import(pathToFileURL(program).href);
