import { cp, mkdir, readdir, readFile, realpath } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { RevganError } from "../extension/protocol/errors";
import { runProcess } from "../extension/processes/runProcess";

/** What stays outside the bundles because it is native or reads files beside itself, by the file that each program requires. */
const roots = ["@tensorflow/tfjs-core", "@tensorflow/tfjs-backend-wasm", "sharp"];

/** Files that are read and not required: the WASM engine's code, and what a compiler needs where no compiled binding fits. */
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
 * @param folder where the packages go, itself named node_modules
 * @returns the names of the packages
 */
export async function copyRuntimeModules(root: string, folder: string): Promise<string[]> {
  // Node names the files that it holds by their real paths.
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

/** Requires the roots in a process of their own and lists what Node then holds. */
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

/** `@scope/name` or `name` of a path below node_modules. */
export function packageOf(path: string): string {
  const [first = "", second = ""] = path.split("/");
  return first.startsWith("@") ? `${first}/${second}` : first;
}

/** A package's licence as its manifest names it, and the text of its licence files; the text is empty where it has none. */
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
