// `npm run gpu -- --webgpu`: makes dist/revgan-webgpu-linux-x64.tar.gz for a machine that has a GPU but neither packages nor network. It
// contains Node, our programs, the tests of the engine, wgpu-native, and Vulkan's loader. There `./run.sh` measures in under ten minutes.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import {
  createReadStream,
  createWriteStream,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { chmod, cp, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { constants, createGzip } from "node:zlib";
import { openPromise } from "yauzl";
import { node, root, run, say } from "./setup.mjs";

const most = 60e6;
/** The parity fixtures in the bundle. Those of wide networks are left out, so that the bundle stays under its limit. */
const fixtures = [
  "paired",
  "unpaired",
  "volumes-paired",
  "volumes-unpaired",
  "cyclegan",
  "pix2pix-resnet",
  "pix2pix-unet128",
];
const tests = {
  kernels: "test/unit/kernels/kernels.test.ts",
  pad: "test/unit/kernels/pad.test.ts",
  fused: "test/unit/kernels/webgpu/fused.test.ts",
  step: "test/unit/kernels/webgpu/step.test.ts",
  failures: "test/unit/kernels/webgpu/failures.test.ts",
  parity: "test/parity/parity.test.ts",
};

/** Makes the bundle, on Linux x64 only. @returns the path of the .tar.gz file */
export async function makeGpuBundle() {
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error("the bundle can be made on Linux x64 alone");
  const scratch = await mkdtemp(join(tmpdir(), "revgan-gpu-"));
  try {
    const folder = join(scratch, "revgan-webgpu");
    const extension = join(folder, "extension");
    // The programs and addons come from the package, because those run on old systems, too.
    node(["packaging/run.mjs", "--target", "linux-x64", "--out", scratch]);
    await unzip(
      join(
        scratch,
        readdirSync(scratch).find((name) => name.endsWith(".vsix")),
      ),
      folder,
      wanted,
    );
    await cp(process.execPath, join(folder, "node"));
    run("strip", [join(folder, "node")]);
    await addPrograms(join(extension, "dist"));
    await cp(join(root, "test", "bench", "pytorch"), join(extension, "test", "bench", "pytorch"), { recursive: true });
    for (const name of fixtures)
      await cp(join(root, "test", "parity", "fixtures", name), join(extension, "dist", "tests", "fixtures", name), {
        recursive: true,
      });
    await addWheel(folder);
    addVulkan(join(folder, "vulkan"), scratch);
    await cp(join(root, "test", "gpuBundle", "run.sh"), join(folder, "run.sh"));
    await chmod(join(folder, "run.sh"), 0o755);
    return await packed(scratch, "revgan-webgpu");
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Whether a file of the package belongs in the bundle: programs and modules for training, and the pictures that the bench uses. */
function wanted(name) {
  return /^extension\/(package\.json|dist\/(cli|decoder|memoryProbe|networkCosts)\.js|dist\/(node_modules|bindings|native)\/|media\/samples\/nuclei-labels\/train\/)/.test(
    name,
  );
}

async function unzip(path, folder, isWanted) {
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false });
  for await (const entry of zip.eachEntry()) {
    if (!isWanted(entry.fileName)) continue;
    const file = join(folder, entry.fileName);
    mkdirSync(dirname(file), { recursive: true });
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(file));
  }
  zip.close();
}

/** Adds the bench, and the tests, in which a stand-in for vitest runs them on Node's own test runner. */
async function addPrograms(dist) {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const common = {
    absWorkingDir: root,
    bundle: true,
    minify: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    mainFields: ["module", "main"],
    external: ["@tensorflow/*", "sharp", "node-api-headers"],
    define: { "import.meta.dirname": "__dirname", "process.env.REVGAN_VERSION": JSON.stringify(version) },
    logLevel: "warning",
  };
  await build({
    ...common,
    entryPoints: { bench: "test/bench/bench.ts", benchWorker: "test/bench/worker.ts" },
    outdir: dist,
  });
  await build({
    ...common,
    entryPoints: tests,
    outdir: join(dist, "tests"),
    alias: { vitest: join(root, "test", "gpuBundle", "vitest.ts") },
  });
}

/** Adds wgpu-native's wheel, the one that `revgan engine install --webgpu` downloads. */
async function addWheel(folder) {
  await build({
    absWorkingDir: root,
    stdin: {
      contents: `
        import { wgpuWheelFor, wheelUrl } from "./extension/trainer/engines/install/catalogue";
        import { download } from "./extension/trainer/engines/install/download";
        const { file, ...wheel } = wgpuWheelFor("linux", "x64");
        void download({ ...wheel, url: wheelUrl({ file, ...wheel }, process.env), file: process.argv[2] + "/" + file });`,
      resolveDir: root,
    },
    bundle: true,
    platform: "node",
    outfile: join(root, "dist", "wheel.cjs"),
    logLevel: "warning",
  });
  node([join(root, "dist", "wheel.cjs"), folder], { env: process.env });
  rmSync(join(root, "dist", "wheel.cjs"));
}

/** Adds Vulkan's loader from Debian, and the file that tells it the name of NVIDIA's driver library. */
function addVulkan(folder, scratch) {
  mkdirSync(folder, { recursive: true });
  if (spawnSync("apt-get", ["download", "libvulkan1"], { cwd: scratch }).status === 0) {
    const deb = readdirSync(scratch).find((name) => name.endsWith(".deb"));
    run("dpkg-deb", ["-x", join(scratch, deb), join(scratch, "loader")]);
    const libraries = join(scratch, "loader", "usr", "lib", "x86_64-linux-gnu");
    const name = readdirSync(libraries).find((each) => /^libvulkan\.so\.1\.\d/.test(each));
    writeFileSync(join(folder, "libvulkan.so.1"), readFileSync(join(libraries, name)));
  } else say("revgan: apt-get cannot fetch libvulkan1, so that the machine must have a Vulkan loader of its own");
  const icd = { file_format_version: "1.0.0", ICD: { library_path: "libGLX_nvidia.so.0", api_version: "1.3" } };
  writeFileSync(join(folder, "nvidia.json"), JSON.stringify(icd));
}

async function packed(scratch, name) {
  const tar = join(scratch, "bundle.tar");
  if (!run("tar", ["-cf", tar, "-C", scratch, name])) throw new Error("tar cannot pack the bundle");
  const file = join(root, "dist", "revgan-webgpu-linux-x64.tar.gz");
  await pipeline(createReadStream(tar), createGzip({ level: constants.Z_BEST_COMPRESSION }), createWriteStream(file));
  const { size } = statSync(file);
  if (size > most) throw new Error(`the bundle has ${size} bytes, and must stay under ${most}`);
  say(`${(size / 1e6).toFixed(1)} MB  ${file}`);
  return file;
}
