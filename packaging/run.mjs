// Bundles the packaging program and runs it with this process's arguments.
import { build } from "esbuild";
import { cp } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
// The program is written below node_modules, so that it finds the packages that it requires.
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
// The C++ sources that the program compiles must lie beside it, as in the product.
await cp(join(root, "extension", "trainer", "native"), join(dirname(program), "native"), { recursive: true });
process.chdir(root);
await import(pathToFileURL(program).href);
