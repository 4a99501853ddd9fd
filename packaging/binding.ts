import { createHash } from "node:crypto";
import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { RevganError } from "../extension/protocol/errors";
import { buildFor, wgpuWheelFor } from "../extension/trainer/engines/install/catalogue";
import { addons, locateEngine } from "../extension/trainer/engines/installed";
import {
  compileBinding,
  compileMpi,
  compileWebGpu,
  findCompiler,
  type Compiler,
} from "../extension/trainer/engines/install/compiler";
import { mpiAddonFile } from "../extension/trainer/engines/installedMpi";
import { webGpuAddonFile } from "../extension/trainer/engines/installedWebGpu";
import { installNative } from "../extension/trainer/engines/install/installNative";
import { runProcess } from "../extension/processes/runProcess";
import { libraryNames } from "../extension/trainer/engines/install/wheelContents";
import { sumsFile } from "../extension/files/checksums";
import { refusalOf } from "./oldSystems";
import { targetNamed, type Target } from "./targets";
import { zigCompiler } from "./zig";

/** The compiled files of the native engine, besides TensorFlow's own libraries. */
const nativeFiles = ["tfjs_binding.node", ...Object.values(addons)];

/**
 * Newer C++ headers call one function that older C++ libraries lack (GLIBCXX_3.4.29). With a definition of our own the binding runs
 * with the C++ library of every system that TensorFlow runs on. It is called only for arrays of negative size, which the code never makes.
 */
const ownFunctions = `#include <cstdlib>
namespace std { __attribute__((visibility("hidden"))) void __throw_bad_array_new_length() { abort(); } }
`;

/** Compiler, flags and folder with which a target's files are compiled. */
interface Job {
  readonly compiler: Compiler;
  readonly linkerFlags: string[];
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
}

/**
 * Compiles the addons of a target's engines: tfjs-node's binding and our addons for TensorFlow into `folder`, those for MPI into
 * `folder`-mpi and for wgpu-native into `folder`-webgpu. Engines that the target lacks are skipped. Checks that the files run on every
 * supported system of the target, and writes their SHA-256 beside them.
 * @param scratch a folder for temporary files
 * @throws RevganError `engine` (no compiler, compiling fails, the result is for other or newer systems)
 */
export async function makeBinding(target: Target, folder: string, scratch: string): Promise<void> {
  const { platform, arch } = target;
  const work = join(scratch, "binding");
  await mkdir(work, { recursive: true });
  const compiler = await compilerFor(target);
  const job = {
    compiler,
    linkerFlags: await linkerFlags(target, work),
    folder: work,
    env: process.env,
    platform,
    arch,
  };
  if (buildFor("native", platform, arch) !== null) {
    await makeNative(job, target);
    await keepChecked(target, work, nativeFiles, folder);
    await compileMpi({ ...job, atRunTime: true });
    await keepChecked(target, work, [mpiAddonFile], `${folder}-mpi`);
  }
  if (wgpuWheelFor(platform, arch) !== null) {
    await compileWebGpu(job);
    await keepChecked(target, work, [webGpuAddonFile], `${folder}-webgpu`);
  }
  await rm(work, { recursive: true });
}

/** The compiler that CXX names; without one this machine's compiler if the target is this machine, else Zig. */
async function compilerFor(target: Target): Promise<Compiler> {
  const isThisMachine = target.name === targetNamed().name;
  return isThisMachine || (process.env["CXX"] ?? "") !== "" ? findCompiler(process.env) : zigCompiler(target);
}

async function makeNative(job: Job, target: Target): Promise<void> {
  await mkdir(join(job.folder, "lib"));
  await symlink(await headersFolder(), join(job.folder, "include"), "junction");
  const libraries = libraryNames(job.platform)[0]!;
  for (const name of [libraries.api, libraries.framework]) await makeStandIn(job, target, name);
  await compileBinding({ ...job, libraries });
}

/** Copies compiled files into a folder, with their SHA-256. @throws RevganError `engine` if a file will not run on the target's systems */
async function keepChecked(target: Target, work: string, names: readonly string[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  let sums = "";
  for (const name of names) {
    const bytes = await readFile(join(work, name));
    const refusal = refusalOf(bytes, target);
    if (refusal !== null) throw new RevganError("engine", `${name} ${refusal}`, otherCompiler);
    await writeFile(join(folder, name), bytes, { mode: 0o755 });
    sums += `${createHash("sha256").update(bytes).digest("hex")}  ${name}\n`;
  }
  await writeFile(join(folder, sumsFile), sums);
}

/** The folder of TensorFlow's headers, which all targets share, in the native engine on this machine; downloads the engine if missing. */
async function headersFolder(): Promise<string> {
  const located = locateEngine("native");
  if (located?.source === "revgan") return join(dirname(located.bindingPath), "include");
  console.error("Installing the native engine, whose headers the binding needs (274 MB) …");
  return join(dirname((await installNative()).bindingPath), "include");
}

async function linkerFlags({ platform }: Target, work: string): Promise<string[]> {
  // Without an install name the linker records the path of the build folder in the file.
  if (platform === "darwin") return ["-Wl,-install_name,@rpath/binding"];
  if (platform === "win32") return ["-s"];
  const own = join(work, "ownFunctions.cc");
  await writeFile(own, ownFunctions);
  // The stand-in libraries define no symbol, so by default the linker would drop them; the binding must record their names nevertheless.
  return ["-s", "-Wl,--no-as-needed", own];
}

/** Makes an empty library with the name of one of TensorFlow's. Linking needs only the name, not 850 MB that may be for another machine. */
async function makeStandIn({ compiler: [command, ...rest], folder }: Job, target: Target, name: string): Promise<void> {
  const path = join(folder, "lib", name);
  const source = `${path}.cc`;
  await writeFile(source, "");
  const nameFlag = target.platform === "darwin" ? `-Wl,-install_name,@rpath/${name}` : `-Wl,-soname,${name}`;
  const end = await runProcess(command, [...rest, "-shared", "-fPIC", nameFlag, source, "-o", path], {
    timeoutMs: 10 * 60_000,
  });
  if (end.code !== 0)
    throw new RevganError(
      "engine",
      `${command} cannot make a library for ${target.name}: ${end.stderr.trim().split("\n").at(-1) ?? ""}`,
      otherCompiler,
    );
}

const otherCompiler = "name another compiler for the target with CXX";
