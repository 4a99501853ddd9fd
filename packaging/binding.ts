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

/** What the native engine is made of besides TensorFlow's own libraries. */
const nativeFiles = ["tfjs_binding.node", ...Object.values(addons)];

/**
 * The one function that newer C++ headers call and older C++ libraries lack (GLIBCXX_3.4.29); with one of our own the binding runs
 * with the C++ library of every system that TensorFlow runs on. It is called for an array of a negative size, which there is none.
 */
const ownFunctions = `#include <cstdlib>
namespace std { __attribute__((visibility("hidden"))) void __throw_bad_array_new_length() { abort(); } }
`;

/** How a target's files are compiled. */
interface Job {
  readonly compiler: Compiler;
  readonly linkerFlags: string[];
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
}

/**
 * Compiles for a target what its engines need: tfjs-node's binding and its companions into `folder`, and the addons for MPI and wgpu-native
 * beside it; of those that there are for the target. Checks that they run on every system that they should run on, and writes their SHA-256
 * beside them.
 * @param scratch a folder for what is needed in between
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

/** The user's compiler, this machine's for itself, else Zig. */
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

/** Puts compiled files into a folder, with their SHA-256. @throws RevganError `engine` where one is for other or newer systems */
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

/** TensorFlow's headers, which are the same for every kind of machine, from the engine that is installed here. */
async function headersFolder(): Promise<string> {
  const located = locateEngine("native");
  if (located?.source === "revgan") return join(dirname(located.bindingPath), "include");
  console.error("Installing the native engine, whose headers the binding needs (274 MB) …");
  return join(dirname((await installNative()).bindingPath), "include");
}

async function linkerFlags({ platform }: Target, work: string): Promise<string[]> {
  // Otherwise the linker notes where the file was first written.
  if (platform === "darwin") return ["-Wl,-install_name,@rpath/binding"];
  if (platform === "win32") return ["-s"];
  const own = join(work, "ownFunctions.cc");
  await writeFile(own, ownFunctions);
  // The stand-ins hold nothing that is asked for, and must be named in the binding nevertheless.
  return ["-s", "-Wl,--no-as-needed", own];
}

/** An empty library under the name of TensorFlow's: all that a linker wants to know of 850 MB that may be for another machine. */
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
