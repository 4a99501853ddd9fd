// Installs everything that `npm test` and `npm run demo` need on a machine with only Node and npm. This is plain JavaScript without
// dependencies, because it runs before any are installed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Runs a program without a shell, with this process's input and output. Returns whether it succeeded. */
export function run(program, args, options = {}) {
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: "inherit", ...options });
  if (error) throw error;
  return status === 0;
}

/** Runs a JavaScript program with Node. If it fails, ends this process with exit code 1. */
export function node(args, options = {}) {
  if (!run(process.execPath, args, options)) process.exit(1);
}

/** Runs a tool of node_modules, given by the path of its program below that folder. */
export function tool(path, args) {
  node([join(root, "node_modules", path), ...args]);
}

/** Runs npm. If it fails, prints `reason`, if any, and ends this process with exit code 1. */
export function npm(args, reason = null) {
  // Under `npm run` this variable is the path of npm's program. Run by Node, it needs no shell on any system.
  const program = process.env.npm_execpath;
  if (program === undefined ? run("npm", args) : run(process.execPath, [program, ...args])) return;
  if (reason !== null) say(`revgan: ${reason}`);
  process.exit(1);
}

export function say(text) {
  process.stderr.write(`${text}\n`);
}

/** Installs the npm packages if they are missing or the lockfile has changed since they were installed. */
export function ensurePackages() {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const stamp = join(root, "node_modules", ".revgan-setup");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  say("Installing packages from npm (about 450 MB, once) …");
  npm(
    ["ci", "--no-audit", "--no-fund"],
    "npm could not install the packages; see its message above and check the network",
  );
  writeFileSync(stamp, lock);
}

export function build() {
  node([join(root, "esbuild.mjs")]);
}

/** Finds the machine's MPI or installs MPICH. Returns whether MPI works. */
export function ensureMpi() {
  return run(process.execPath, [join(root, "dist", "cli.js"), "engine", "install", "--mpi"]);
}

/**
 * Installs the WebGPU engine. If it does not find the GPU of the tests, as root on Debian also installs Mesa's drivers with llvmpipe, a
 * software GPU. Returns whether the GPU is found; prints a message if not.
 */
export function ensureWebGpu() {
  const wanted = process.env.REVGAN_TEST_WEBGPU ?? "llvmpipe";
  const cli = join(root, "dist", "cli.js");
  const isThere = () => {
    const { stdout } = spawnSync(process.execPath, [cli, "engine", "status", "--json"], { encoding: "utf8" });
    const lines = stdout.split("\n").filter((line) => line.includes('"name":"webgpu"'));
    return lines.some((line) => (JSON.parse(line).adapters ?? []).some(({ name }) => name.includes(wanted)));
  };
  if (run(process.execPath, [cli, "engine", "install", "--webgpu"])) {
    if (isThere()) return true;
    if (process.getuid?.() === 0 && existsSync("/etc/debian_version")) {
      const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
      for (const args of [
        ["update"],
        ["install", "-y", "--no-install-recommends", "mesa-vulkan-drivers", "libvulkan1"],
      ])
        spawnSync("apt-get", args, { stdio: "ignore", env });
      if (isThere()) return true;
    }
  }
  say(
    `revgan: the webgpu engine finds no ${wanted} here, so it is not tested; it comes with Mesa's Vulkan drivers (Debian: apt-get install mesa-vulkan-drivers libvulkan1)`,
  );
  return false;
}

/** Installs TensorFlow if it is available for this machine. Returns whether the native engine works. */
export function ensureEngine() {
  return run(process.execPath, [join(root, "dist", "cli.js"), "engine", "install"]);
}
