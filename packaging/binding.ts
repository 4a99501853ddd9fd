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
import type { Target } from "./targets";

/** What the engine is made of besides TensorFlow's own libraries. */
const files = ["tfjs_binding.node", ...Object.values(addons)];

/**
 * The one function that newer C++ headers call and older C++ libraries lack (GLIBCXX_3.4.29); with one of our own the binding runs
 * with the C++ library of every system that TensorFlow runs on. It is called for an array of a negative size, which there is none.
 */
const ownFunctions = `#include <cstdlib>
namespace std { __attribute__((visibility("hidden"))) void __throw_bad_array_new_length() { abort(); } }
`;

/**
 * Compiles the binding and its companions for a target into `folder`, and the addons for MPI and wgpu-native beside it, checks that they run on every system that TensorFlow's wheel
 * runs on, and writes their SHA-256 beside them. A target without a wheel gets none.
 * @param scratch a folder for what is needed in between
 * @returns whether there is a binding for this target
 * @throws RevganError `engine` (no compiler, compiling fails, the result is for other or newer systems)
 */
export async function makeBinding(target: Target, folder: string, scratch: string): Promise<boolean> {
  if (buildFor("native", target.platform, target.arch) === null) return false;
  const [command, ...rest] = await findCompiler(process.env);
  const work = join(scratch, "binding");
  await mkdir(join(work, "lib"), { recursive: true });
  await symlink(await headersFolder(), join(work, "include"));
  const libraries = libraryNames(target.platform)[0]!;
  const compiler: Compiler = [command, ...rest];
  for (const name of [libraries.api, libraries.framework])
    await makeStandIn(compiler, target, join(work, "lib", name), name);
  const { platform, arch } = target;
  const job = {
    compiler,
    linkerFlags: await linkerFlags(target, work),
    folder: work,
    env: process.env,
    platform,
    arch,
  };
  await compileBinding({ ...job, libraries });
  await compileMpi({ ...job, atRunTime: true });
  await keepChecked(target, work, files, folder);
  await keepChecked(target, work, [mpiAddonFile], `${folder}-mpi`);
  if (wgpuWheelFor(platform, arch) !== null) {
    await compileWebGpu(job);
    await keepChecked(target, work, [webGpuAddonFile], `${folder}-webgpu`);
  }
  await rm(work, { recursive: true });
  return true;
}

/** Puts compiled files into a folder, with their SHA-256. @throws RevganError `engine` where one is for other or newer systems */
async function keepChecked(target: Target, work: string, names: readonly string[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  let sums = "";
  for (const name of names) {
    const bytes = await readFile(join(work, name));
    const refusal = refusalOf(bytes, target);
    if (refusal !== null) throw new RevganError("engine", `${name} ${refusal}`, otherCompiler(target));
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

async function linkerFlags(target: Target, work: string): Promise<string[]> {
  // Otherwise the linker notes where the file was first written.
  if (target.platform === "darwin") return ["-Wl,-install_name,@rpath/binding"];
  const own = join(work, "ownFunctions.cc");
  await writeFile(own, ownFunctions);
  // The stand-ins hold nothing that is asked for, and must be named in the binding nevertheless.
  return ["-s", "-Wl,--no-as-needed", own];
}

/** An empty library under the name of TensorFlow's: all that a linker wants to know of 850 MB that may be for another machine. */
async function makeStandIn([command, ...rest]: Compiler, target: Target, path: string, name: string): Promise<void> {
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
      otherCompiler(target),
    );
}

/** Zig compiles for every target on every machine, against a C library as old as one likes. */
function otherCompiler({ zig }: Target): string {
  return `install Zig with \`pip install ziglang\` and set CXX="python3 -m ziglang c++ -target ${zig ?? "native"}"`;
}
