// Installs a real VS Code and a real browser for the tests, from npm, each once into a cache folder. This is plain JavaScript without
// dependencies, because it runs before any are installed. The versions, and the hashes that npm checks, are in packages/.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, "packages");

/** The folder in which the programs are installed: `REVGAN_TEST_CACHE`, or a folder in the user's cache. */
export function cacheFolder() {
  return process.env.REVGAN_TEST_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "revgan-test");
}

/**
 * VS Code's server with its web workbench (npm's code-server carries it), and the Node it was made for.
 * Returns {node, main, version}: the paths of both programs and VS Code's version. Throws an Error that says what to do.
 */
export function ensureVscode() {
  const folder = ensure("server", "VS Code (about 780 MB)", (stage) => {
    npmCi(stage);
    const vscode = join(stage, vscodeFolder);
    // VS Code's lockfile lacks a peer dependency that nothing uses; `npm ci` would refuse that without --legacy-peer-deps.
    npmCi(vscode, ["--omit=dev", "--legacy-peer-deps"]);
    copyFileSync(join(packages, "spdlog.cjs"), join(vscode, "node_modules", "@vscode", "spdlog", "index.js"));
  });
  const vscode = join(folder, vscodeFolder);
  const node = join(folder, "node_modules", `node-${process.platform}-${process.arch}`, "bin", "node");
  const product = JSON.parse(readFileSync(join(vscode, "product.json"), "utf8"));
  return {
    node: existsSync(node) ? node : process.execPath,
    main: join(vscode, "out", "server-main.js"),
    version: String(product.version ?? product.codeServerVersion),
  };
}

const vscodeFolder = join("node_modules", "code-server", "lib", "vscode");

/**
 * A Chromium that runs without a display: `REVGAN_TEST_BROWSER`, else the pinned one, else the system's, else Debian's.
 * Returns {executablePath, env}: the program, and the variables that it needs. Throws an Error that says what to do.
 */
export function ensureBrowser() {
  const named = process.env.REVGAN_TEST_BROWSER;
  if (named) return { executablePath: named, env: {} };
  if (process.platform === "linux" && process.arch === "x64") {
    try {
      return pinnedBrowser(ensure("browser", "Chromium (about 220 MB)", installBrowser));
    } catch (error) {
      say(`The pinned Chromium cannot be used here: ${error.message}`);
    }
  }
  const found = systemBrowser() ?? debianBrowser();
  if (found === undefined)
    throw new Error("no browser for the tests: install Chromium or Google Chrome, or name one in REVGAN_TEST_BROWSER");
  return { executablePath: found, env: {} };
}

/** Unpacks the browser with the npm package's own code. Throws if the browser does not start, so that a broken folder is not kept. */
function installBrowser(stage) {
  npmCi(stage);
  const unpacked = join(stage, "chromium");
  mkdirSync(unpacked);
  const bin = join(stage, "node_modules", "@sparticuz", "chromium", "bin");
  const script = `import { inflate } from "@sparticuz/chromium";
    for (const name of ["chromium.br", "fonts.tar.br", "swiftshader.tar.br", "al2023.tar.br"]) await inflate(process.argv[1] + "/" + name);`;
  // The package unpacks into the folder for temporary files, which TMPDIR sets.
  execute(process.execPath, ["--input-type=module", "--eval", script, bin], {
    cwd: stage,
    env: { ...process.env, TMPDIR: unpacked },
  });
  rmSync(bin, { recursive: true });
  const fonts = ["/usr/share/fonts", "/usr/local/share/fonts"].map((folder) => `<dir>${folder}</dir>`).join("");
  writeFileSync(
    join(unpacked, "fonts.conf"),
    `<fontconfig>${fonts}<dir prefix="relative">fonts/fonts</dir><cachedir prefix="xdg">fontconfig</cachedir></fontconfig>\n`,
  );
  const { executablePath, env } = pinnedBrowser(stage);
  if (!runs(executablePath, env)) throw new Error("it does not start");
}

function pinnedBrowser(folder) {
  const unpacked = join(folder, "chromium");
  const executablePath = join(unpacked, "chromium");
  const env = {};
  // The package's libraries are used only if the system lacks some: in LD_LIBRARY_PATH they would hide the system's newer ones.
  const libraries = spawnSync("ldd", [executablePath], { encoding: "utf8" }).stdout ?? "";
  if (libraries.includes("not found"))
    env.LD_LIBRARY_PATH = [join(unpacked, "al2023", "lib"), process.env.LD_LIBRARY_PATH]
      .filter(Boolean)
      .join(delimiter);
  if (!existsSync("/etc/fonts/fonts.conf")) env.FONTCONFIG_FILE = join(unpacked, "fonts.conf");
  return { executablePath, env };
}

const macBrowsers = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
const browserNames = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome.exe"];

function systemBrowser() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return [...browserNames.flatMap((name) => folders.map((folder) => join(folder, name))), ...macBrowsers].find(
    (path) => existsSync(path) && runs(path, {}),
  );
}

function debianBrowser() {
  if (process.platform !== "linux" || process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return undefined;
  say("Installing Debian's Chromium …");
  const options = {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  };
  spawnSync("apt-get", ["update", "-qq"], options);
  spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-dejavu-core"], options);
  return systemBrowser();
}

/** Whether the browser starts. It does not if a library is missing, or if it is a stub that asks to install a snap. */
function runs(path, env) {
  const { status, stdout } = spawnSync(path, ["--version"], {
    encoding: "utf8",
    timeout: 30_000,
    env: { ...process.env, ...env },
  });
  return status === 0 && /Chrom/.test(stdout);
}

/** The cache folder of one set of packages, installed if missing. It is made under another name and renamed, so it is never incomplete. */
function ensure(name, what, make) {
  const lock = readFileSync(join(packages, name, "package-lock.json"));
  const key = createHash("sha256")
    .update(lock)
    .update(recipe)
    .update(`${process.platform}-${process.arch}`)
    .digest("hex")
    .slice(0, 16);
  const folder = join(cacheFolder(), `${name}-${key}`);
  if (existsSync(folder)) return folder;
  say(`Installing ${what} for the tests, once, into ${folder} …`);
  const stage = `${folder}.partial-${process.pid}`;
  mkdirSync(stage, { recursive: true });
  try {
    for (const file of ["package.json", "package-lock.json"])
      copyFileSync(join(packages, name, file), join(stage, file));
    make(stage);
    renameSync(stage, folder);
  } catch (error) {
    // Another test run may have installed the folder in the meantime.
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
  return folder;
}

/** A file that is copied into the folder of VS Code. It is part of the cache key, so that a change of it installs anew. */
const recipe = readFileSync(join(packages, "spdlog.cjs"));

/** Installs exactly the packages of the lockfile, with their hashes checked and without install scripts. */
function npmCi(cwd, more = []) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/^npm_(config_local_prefix|package_|lifecycle_)/.test(key)),
  );
  const args = [
    "ci",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--no-update-notifier",
    "--loglevel=error",
    ...more,
  ];
  const npm = process.env.npm_execpath;
  if (npm === undefined) execute("npm", args, { cwd, env, shell: process.platform === "win32" });
  else execute(process.execPath, [npm, ...args], { cwd, env });
}

function execute(program, args, options) {
  const { status, error, stderr } = spawnSync(program, args, { encoding: "utf8", ...options });
  if (error) throw error;
  if (status !== 0)
    throw new Error(`${program} ${args.slice(0, 2).join(" ")} failed; is npm's registry reachable?\n${stderr}`);
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

// `node install.mjs` installs VS Code and the browser before the tests need them.
if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  ensureVscode();
  ensureBrowser();
}
