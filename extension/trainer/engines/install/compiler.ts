import { rm } from "node:fs/promises";
import { join } from "node:path";
import { RevganError } from "../../../protocol/errors";
import { addons, addonSource } from "../installed";
import { mpiAddonFile } from "../installedMpi";
import { webGpuAddonFile } from "../installedWebGpu";
import { packageFolder } from "../packages";
import { runProcess } from "../../../processes/runProcess";
import { interrupted } from "./installErrors";
import type { LibraryNames } from "./wheelContents";

/** A C++ compiler's command, with its leading arguments (`CXX="ccache g++"`). */
export type Compiler = readonly [string, ...string[]];

/**
 * The first command of `$CXX`, g++, clang++ and c++ that succeeds with `--version`. It must succeed, because macOS has a `g++` that only
 * asks to install the developer tools.
 * @throws RevganError `engine` when there is none
 */
export async function findCompiler(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): Promise<Compiler> {
  const own = (env["CXX"] ?? "").trim().split(/\s+/);
  const candidates = [own, ["g++"], ["clang++"], ["c++"]];
  for (const [command = "", ...rest] of candidates) {
    if (command === "") continue;
    const end = await runProcess(command, [...rest, "--version"], { timeoutMs: 20_000, env }).catch(() => null);
    if (end?.code === 0) return [command, ...rest];
  }
  const how = howToInstall[platform] ?? howToInstall.linux;
  throw new RevganError(
    "engine",
    "the native engine needs a C++ compiler once, and none was found",
    `${how}, or name one with CXX; until then the wasm engine works without`,
  );
}

const howToInstall: Partial<Record<NodeJS.Platform, string>> & { readonly linux: string } = {
  darwin: "run `xcode-select --install`",
  linux: "install one (Debian, Ubuntu: `sudo apt-get install g++`; Fedora: `sudo dnf install gcc-c++`)",
  win32: "run `pip install ziglang` and set CXX to `python -m ziglang c++`",
};

export interface CompileJob {
  compiler: Compiler;
  /** Arguments that the compiler needs for linking, besides our own; none by default. */
  linkerFlags?: readonly string[];
  /** The engine's folder, with `lib/` and `include/`; `tfjs_binding.node` is written into it. */
  folder: string;
  libraries: LibraryNames;
  env: NodeJS.ProcessEnv;
  platform?: NodeJS.Platform;
  arch?: string;
  signal?: AbortSignal | undefined;
}

/**
 * Compiles three addons: tfjs-node's binding (two C++ files, Apache 2.0) and our operations, both linked with the libraries in `lib/`, and
 * quietStderr. They find the libraries by a path relative to themselves, so the folder may be moved.
 * @throws RevganError `engine`, with the compiler's last lines as its cause; `interrupted`
 */
export async function compileBinding(job: CompileJob): Promise<void> {
  const sources = neededPackage("@tensorflow/tfjs-node-gpu");
  const { api, framework } = job.libraries;
  const libraries = [api, framework].map((name) => join(job.folder, "lib", name));
  const tensorflow = [
    `-I${join(job.folder, "include")}`,
    ...libraries,
    `-Wl,-rpath,${systemOf(job) === "darwin" ? "@loader_path" : "$ORIGIN"}/lib`,
  ];
  const binding = ["tfjs_backend.cc", "tfjs_binding.cc"].map((name) => join(sources, "binding", name));
  await link(job, ["-O2", `-I${sources}`, ...binding, ...tensorflow, "-o", join(job.folder, "tfjs_binding.node")]);
  const isX64 = (job.arch ?? process.arch) === "x64";
  // AVX is no further requirement: TensorFlow needs it itself.
  const least = isX64 ? ["-mavx"] : [];
  const objects = await compileConvolutions(job, isX64 ? x64Instructions : otherInstructions);
  await link(job, [
    "-O3",
    ...least,
    addonSource("operations"),
    addonSource("threads"),
    ...objects,
    ...tensorflow,
    "-pthread",
    "-o",
    join(job.folder, addons.operations),
  ]);
  for (const object of objects) await rm(object);
  await link(job, ["-O2", addonSource("quietStderr"), "-o", join(job.folder, addons.quietStderr)]);
}

/** How the addon that connects the ranks of a training through MPI is compiled. */
export interface MpiCompileJob extends Omit<CompileJob, "libraries"> {
  /**
   * Whether the addon opens a library with MPI's standard ABI when it runs. Otherwise the compiler is MPI's wrapper, which links the addon
   * with its library.
   */
  readonly atRunTime: boolean;
}

/** Compiles native/mpi.cc into the folder. @throws RevganError `engine`, `interrupted` */
export async function compileMpi({ atRunTime, ...job }: MpiCompileJob): Promise<void> {
  const macros = atRunTime ? ["-DMPI_ABI_AT_RUN_TIME"] : [];
  const file = join(job.folder, mpiAddonFile);
  await link(job, ["-O2", ...macros, addonSource("mpi"), "-pthread", "-o", file]);
}

/** Compiles native/webgpu.cc into the folder. @throws RevganError `engine`, `interrupted` */
export async function compileWebGpu(job: Omit<CompileJob, "libraries">): Promise<void> {
  const sources = [addonSource("webgpu"), ...(systemOf(job) === "win32" ? [addonSource("nodeOnWindows")] : [])];
  await link(job, ["-O2", ...sources, "-o", join(job.folder, webGpuAddonFile)]);
}

/** A set of vector instructions: its compiler flags, and what native/convolutions.cc needs to know of it. */
interface InstructionSet {
  readonly name: string;
  readonly flags: readonly string[];
  /** Number of floats in a vector. */
  readonly lanes: number;
  /** Rows of a matrix product that fit into the registers with two vectors each. */
  readonly rows: number;
}

const x64Instructions: readonly InstructionSet[] = [
  {
    name: "avx512",
    flags: ["-mavx512f", "-mavx512vl", "-mavx512dq", "-mfma", "-mprefer-vector-width=512"],
    lanes: 16,
    rows: 12,
  },
  { name: "avx2", flags: ["-mavx2", "-mfma"], lanes: 8, rows: 6 },
  { name: "plain", flags: ["-mavx"], lanes: 8, rows: 6 },
];

/** The instructions that every processor of other kinds has; on ARM they include NEON. */
const otherInstructions: readonly InstructionSet[] = [{ name: "plain", flags: [], lanes: 4, rows: 8 }];

/** Compiles the convolutions once for each set of instructions; the program chooses one when it runs. Returns the object files. */
function compileConvolutions(job: CompileJob, sets: readonly InstructionSet[]): Promise<string[]> {
  return Promise.all(
    sets.map(async ({ name, flags, lanes, rows }) => {
      const object = join(job.folder, `convolutions-${name}.o`);
      const macros = [`-DINSTRUCTIONS=${name}`, `-DLANES=${lanes}`, `-DROWS=${rows}`];
      // Allows fused multiply-add instructions, which -std=c++17 (ISO C++) otherwise turns off.
      const options = ["-c", "-O3", "-ffp-contract=fast"];
      await compile(job, [...options, ...flags, ...macros, addonSource("convolutions"), "-o", object]);
      return object;
    }),
  );
}

/** Compiles sources and links them with objects and libraries. */
async function link(job: Omit<CompileJob, "libraries">, args: readonly string[]): Promise<void> {
  const headers = `-I${join(neededPackage("node-api-headers"), "include")}`;
  const flags = systemFlags[systemOf(job)] ?? [];
  await compile(job, [...(job.linkerFlags ?? []), "-shared", "-DNAPI_VERSION=8", ...flags, headers, ...args]);
}

async function compile(job: Omit<CompileJob, "libraries">, args: readonly string[]): Promise<void> {
  const [command, ...rest] = job.compiler;
  const end = await runProcess(command, [...rest, "-fPIC", "-w", "-std=c++17", ...args], {
    timeoutMs: 10 * 60_000,
    signal: job.signal,
    env: job.env,
  }).catch((error: unknown) => {
    throw job.signal?.aborted === true ? interrupted() : error;
  });
  if (end.code === 0) return;
  const tail = (end.stderr.trim() || end.stdout.trim()).split("\n").slice(-20).join("\n");
  const what = end.timedOut ? "took more than ten minutes over" : "could not compile";
  throw new RevganError(
    "engine",
    `${command} ${what} the native engine's binding`,
    "see the compiler's words with --verbose, or try another one with CXX; until then the wasm engine works",
    {
      cause: new Error(tail),
    },
  );
}

/** The flags by which an addon finds Node's functions in the running program, on systems that need some. */
const systemFlags: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ["-undefined", "dynamic_lookup"],
  // Node's functions are imports, which native/nodeOnWindows.cc resolves. The compiler's own libraries are linked in, because other
  // machines lack them.
  win32: ["-DBUILDING_NODE_EXTENSION", "-static-libgcc", "-static-libstdc++"],
};

function systemOf(job: Pick<CompileJob, "platform">): NodeJS.Platform {
  return job.platform ?? process.platform;
}

function neededPackage(name: string): string {
  const folder = packageFolder(name);
  if (folder === null) throw new RevganError("engine", `the npm package ${name} is missing`, "install RevGAN again");
  return folder;
}
