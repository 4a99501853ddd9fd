import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPromise } from "yauzl";
import { installNative } from "../../extension/trainer/engines/install/installNative";
import { filesNamedBy } from "../../packaging/manifest";
import { jsonLines, type Ended } from "../support/programs";

const scratch = mkdtempSync(join(tmpdir(), "revgan-package-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const target = `${process.platform}-${process.arch}`;
const unpacked = join(scratch, "unpacked");
const extension = join(unpacked, "extension");
const bindings = join(extension, "dist", "bindings", target);
const pictures = join(extension, "media", "samples", "nuclei-labels");

let told = "";
let entries: string[] = [];
let tensorflow = "";

/** The machine of a user: no compiler, no Python, no packages above the extension's folder. */
const env = {
  PATH: join(scratch, "empty"),
  HOME: join(scratch, "home"),
  REVGAN_CACHE: join(scratch, "cache"),
  REVGAN_PYPI: "http://127.0.0.1:1",
};

function packaged(...args: string[]): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(extension, "dist", "cli.js"), ...args], {
    cwd: scratch,
    env,
    encoding: "utf8",
  });
  return { code: status, stdout, stderr };
}

async function unzip(path: string, folder: string): Promise<string[]> {
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false });
  const names: string[] = [];
  for await (const entry of zip.eachEntry()) {
    names.push(entry.fileName);
    mkdirSync(dirname(join(folder, entry.fileName)), { recursive: true });
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(join(folder, entry.fileName)));
  }
  zip.close();
  return names;
}

beforeAll(async () => {
  // The engine of this machine stands in for the download.
  tensorflow = dirname((await installNative()).bindingPath);
  const made = spawnSync(process.execPath, ["packaging/run.mjs", "--out", scratch], { encoding: "utf8" });
  if (made.status !== 0) throw new Error(made.stderr);
  told = made.stdout;
  entries = await unzip(told.trim().split("\n").at(-1)!, unpacked);
}, 300_000);

describe("the package", () => {
  it("is for this platform and tells its figures", () => {
    expect(readdirSync(scratch)).toContain(
      `revgan-${target}-${(JSON.parse(readFileSync("package.json", "utf8")) as { version: string }).version}.vsix`,
    );
    expect(readFileSync(join(unpacked, "extension.vsixmanifest"), "utf8")).toContain(`TargetPlatform="${target}"`);
    expect(told).toMatch(/ MB {2}package without sharp's platform part and the example \(under 8\.0 MB\)\n/);
    expect(told).toMatch(/ {2}host bundle \(under 250\.0 kB\)\n.* {2}webview bundle \(under 600\.0 kB\)\n/);
  });

  it("has every file that its manifest names", () => {
    const [manifest, ...texts] = ["package.json", "package.nls.json", "package.nls.zh-cn.json"].map(
      (name) => JSON.parse(readFileSync(join(extension, name), "utf8")) as object,
    );
    const named = filesNamedBy([manifest, texts]);
    expect(named).toEqual(
      expect.arrayContaining(["dist/extension.js", "extension/configuration/revgan.schema.zh-cn.json"]),
    );
    expect(named.filter((path) => !existsSync(join(extension, path)))).toEqual([]);
    expect(manifest).not.toHaveProperty("scripts");
    expect(manifest).not.toHaveProperty("devDependencies");
  });

  it("speaks Chinese", () => {
    const pages = ["engine", "own", "sample", "translate", "watch"].map(
      (page) => `media/walkthrough/${page}.nls.zh-cn.md`,
    );
    const texts = ["l10n/bundle.l10n.zh-cn.json", "README.zh-cn.md", ...pages];
    expect(entries).toEqual(expect.arrayContaining(texts.map((name) => `extension/${name}`)));
  });

  it("has no engine library, no source of ours but what is compiled where no prebuilt file fits, no map, no test and nothing of the checkout", () => {
    const names = ["convolutions", "mpi", "nodeOnWindows", "operations", "quietStderr", "threads", "webgpu"];
    const compiled = names.map((name) => `extension/dist/native/${name}.cc`);
    expect(entries).toEqual(expect.arrayContaining(compiled));
    const ours = entries.filter((name) => !name.startsWith("extension/dist/node_modules/") && !compiled.includes(name));
    expect(
      ours.filter((name) => /\.(ts|map|cc|py|vsix)$|\.meta\.json$|package-lock|\/test\/support\//.test(name)),
    ).toEqual([]);
    expect(entries.filter((name) => /libtensorflow|\.d\.ts$|\.map$/.test(name))).toEqual([]);
  });

  it("names the licence of every package in it", () => {
    const notices = readFileSync(join(extension, "ThirdPartyNotices.txt"), "utf8");
    const packages = entries.flatMap(
      (name) => /^extension\/dist\/node_modules\/((?:@[^/]+\/)?[^/]+)\/package\.json$/.exec(name)?.[1] ?? [],
    );
    expect(packages).toEqual(
      expect.arrayContaining(["sharp", `@img/sharp-${target}`, "@tensorflow/tfjs-backend-wasm", "node-api-headers"]),
    );
    for (const name of [...packages, "zod", "yauzl", "jsonc-parser"])
      expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(.+\\)$`, "m"));
  });
});

describe("on a machine without a compiler, the packaged program", () => {
  it("finds the engine that needs no installation", () => {
    const lines = jsonLines(packaged("engine", "status", "--json").stdout);
    expect(lines.map(({ name, available }) => [name, available])).toEqual([
      ["native-gpu", false],
      ["webgpu", false],
      ["native", false],
      ["wasm", true],
      ["mpi", false],
    ]);
  });

  it("refuses a compiled binding that was changed", () => {
    const file = join(bindings, "tfjs_binding.node");
    const whole = readFileSync(file);
    writeFileSync(file, Buffer.concat([whole, Buffer.from("!")]));
    const { code, stderr } = packaged("engine", "install", "--from", tensorflow);
    writeFileSync(file, whole);
    expect(code).toBe(1);
    expect(stderr).toContain(
      `the compiled binding in ${bindings} is damaged: tfjs_binding.node does not match its SHA-256; install RevGAN again`,
    );
    expect(existsSync(join(env.REVGAN_CACHE, "engines", `native-2.21.0-${target}`))).toBe(false);
  });

  it("installs the native engine with the binding that came with it", () => {
    expect(packaged("engine", "install", "--from", tensorflow)).toMatchObject({ code: 0 });
    const installed = readFileSync(join(env.REVGAN_CACHE, "engines", `native-2.21.0-${target}`, "tfjs_binding.node"));
    const sum = createHash("sha256").update(installed).digest("hex");
    expect(readFileSync(join(bindings, "SHA256SUMS"), "utf8")).toContain(`${sum}  tfjs_binding.node\n`);
  });

  it.each(["native", "wasm"])("trains and translates with the %s engine", (engine) => {
    const run = join(scratch, `run-${engine}`);
    const small = {
      engine,
      mode: "paired",
      "network.depth": 2,
      "network.width": 4,
      "network.discriminator.width": 4,
      "data.loadSize": 32,
      "data.cropSize": 32,
      "training.maxSteps": 2,
    };
    const settings = Object.entries(small).flatMap(([key, value]) => ["--set", `${key}=${value}`]);
    const trained = packaged("train", "--data", pictures, "--run", run, "--json", ...settings);
    expect(trained).toMatchObject({ code: 0 });
    expect(jsonLines(trained.stdout).at(-1)).toMatchObject({ type: "finished", step: 2 });
    const picture = readdirSync(join(pictures, "test"))[0]!;
    const out = join(scratch, `out-${engine}`);
    expect(
      packaged("translate", "--run", run, "--direction", "AtoB", "--out", out, join(pictures, "test", picture)),
    ).toMatchObject({ code: 0 });
    expect(readdirSync(out)).toEqual([picture.replace(".png", ".AtoB.png")]);
  });
});
