import { cp, mkdir, readdir, readFile, realpath } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { RevganError } from "../extension/protocol/errors";
import { runProcess } from "../extension/processes/runProcess";

/** Packages that are not bundled, because they are native or read files from their own folder. The programs require them by these names. */
const roots = ["@tensorflow/tfjs-core", "@tensorflow/tfjs-backend-wasm", "sharp"];

/** Files that are read, not required: the WASM engine's code, and C++ headers and sources to compile a binding where none fits. */
const filesReadAtRunTime = [
  ["@tensorflow/tfjs-backend-wasm", "dist/tfjs-backend-wasm-simd.wasm"],
  ["@tensorflow/tfjs-node-gpu", "binding"],
  ["node-api-headers", "include"],
] as const;

const licence = /^(licen[sc]e|copying|notice)/i;

/**
 * Copies exactly the files of node_modules that the programs load at run time, with their packages' manifests and licences. Sharp's
 * platform part is not among them.
 * @param root the checkout
 * @param folder the node_modules folder into which the packages are copied
 * @returns the names of the packages
 */
export async function copyRuntimeModules(root: string, folder: string): Promise<string[]> {
  // `require.cache` has real paths, without symbolic links.
  const modules = await realpath(join(root, "node_modules"));
  const files = new Set(
    (await requiredFiles(root))
      .map((file) => relative(modules, file).split(sep).join("/"))
      .filter((file) => !file.startsWith("@img/sharp-")),
  );
  for (const [name, path] of filesReadAtRunTime) files.add(`${name}/${path}`);
  const packages = [...new Set([...files].map(packageOf))].sort();
  for (const name of packages) {
    files.add(`${name}/package.json`);
    for (const file of await readdir(join(modules, name))) if (licence.test(file)) files.add(`${name}/${file}`);
  }
  for (const file of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await cp(join(modules, file), join(folder, file), { recursive: true });
  }
  return packages;
}

/** Requires {@link roots} in a new process and lists the paths of all files that Node has loaded then. */
async function requiredFiles(root: string): Promise<string[]> {
  const script = `${roots.map((name) => `require(${JSON.stringify(name)});`).join("")} process.stdout.write("\\n" + JSON.stringify(Object.keys(require.cache)));`;
  const end = await runProcess(process.execPath, ["-e", script], { timeoutMs: 60_000, cwd: root });
  if (end.code !== 0)
    throw new RevganError(
      "internal",
      `the packages that RevGAN needs do not load: ${end.stderr.trim().split("\n").at(-1) ?? ""}`,
      "run `npm ci`",
    );
  return JSON.parse(end.stdout.slice(end.stdout.lastIndexOf("\n") + 1)) as string[];
}

/** The package, `@scope/name` or `name`, that a path below node_modules belongs to. */
export function packageOf(path: string): string {
  const [first = "", second = ""] = path.split("/");
  return first.startsWith("@") ? `${first}/${second}` : first;
}

/** A package's name, version and licence from its manifest, and the text of its licence files; the text is empty if it has no such file. */
export async function licenceOf(
  folder: string,
): Promise<{ name: string; version: string; licence: string; text: string }> {
  const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as {
    name: string;
    version: string;
    license?: string;
  };
  const files = (await readdir(folder)).filter((file) => licence.test(file));
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  return {
    name: manifest.name,
    version: manifest.version,
    licence: manifest.license ?? "see its text",
    text: texts.join("\n\n").trim(),
  };
}
