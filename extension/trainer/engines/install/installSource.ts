import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { RevganError } from "../../../protocol/errors";
import { type Build, buildFor, tensorflowWheelNamed, type Wheel, wgpuWheelFor, wheelsOf } from "./catalogue";
import { findTensorflow, type TensorflowFolder } from "./sourceFolder";

/** A wheel on this disk; `wheel` is null for one that the catalogue does not know. */
export interface WheelFile {
  path: string;
  wheel: Wheel | null;
}

/** The origin of an engine: a download, wheels on this disk, or a folder with TensorFlow. */
export type InstallSource =
  | { kind: "download"; build: Build }
  /** TensorFlow's wheel and NVIDIA's wheels. `warning` is not null for a wheel that the catalogue does not know. */
  | { kind: "files"; tensorflow: WheelFile; cuda: readonly WheelFile[]; warning: string | null }
  | { kind: "folder"; path: string; tensorflow: TensorflowFolder };

export interface Machine {
  platform: NodeJS.Platform;
  arch: string;
  /** Whether the C library is musl; if absent, it is detected when it matters. */
  musl?: boolean;
}

export const thisMachine: Machine = { platform: process.platform, arch: process.arch };

/**
 * Decides what to install from: the catalogue's wheels, or the file or folder that the user names.
 * @throws RevganError `engine` when there is no such engine for this machine, `input` when `from` cannot be used
 */
export function installSource(
  engine: Build["engine"],
  from: string | undefined,
  machine: Machine = thisMachine,
): InstallSource {
  if (from === undefined) return { kind: "download", build: catalogueBuild(engine, machine) };
  const path = resolve(from);
  if (!existsSync(path))
    throw new RevganError("input", `${path} does not exist`, "name a TensorFlow wheel or a folder with TensorFlow");
  if (engine === "native-gpu") return sourceFromWheelFolder(path, catalogueBuild(engine, machine));
  if (!statSync(path).isDirectory()) return sourceFromWheel(path, machine);
  const inside = buildFor(engine, machine.platform, machine.arch)?.tensorflow;
  if (inside !== undefined && readdirSync(path).includes(inside.file))
    return sourceFromWheel(join(path, inside.file), machine);
  return { kind: "folder", path, tensorflow: findTensorflow(path, machine.platform) };
}

/**
 * The wheel with wgpu-native for a machine.
 * @throws RevganError `engine` when there is none
 */
export function wgpuWheel(machine: Machine = thisMachine): Wheel {
  const { platform, arch } = machine;
  const wheel = wgpuWheelFor(platform, arch);
  if (wheel === null)
    throw new RevganError(
      "engine",
      `there is no webgpu engine for ${platform} ${arch}: nobody publishes wgpu-native for it`,
      "use another engine; `revgan engine status` lists them",
    );
  if (usesMusl(machine))
    throw new RevganError(
      "engine",
      "there is no webgpu engine for musl systems such as Alpine: wgpu-native is built for glibc",
      muslRemedy,
    );
  return wheel;
}

function catalogueBuild(engine: Build["engine"], machine: Machine): Build {
  const { platform, arch } = machine;
  const build = buildFor(engine, platform, arch);
  if (build === null && buildFor("native", platform, arch) !== null) {
    throw new RevganError(
      "engine",
      `there is no GPU engine for ${platform} ${arch}: TensorFlow publishes none`,
      "use the native engine on the CPU",
    );
  }
  if (build === null) {
    const remedy =
      platform === "win32"
        ? "use the webgpu or the wasm engine, or run RevGAN in WSL, where the native engine works"
        : "use the webgpu or the wasm engine";
    throw new RevganError(
      "engine",
      `there is no native engine for ${platform} ${arch}: TensorFlow publishes no library for it`,
      remedy,
    );
  }
  if (usesMusl(machine)) {
    throw new RevganError(
      "engine",
      "there is no native engine for musl systems such as Alpine: TensorFlow is built for glibc",
      muslRemedy,
    );
  }
  return build;
}

const muslRemedy = "use the wasm engine, or a Debian or Ubuntu container";

/** Whether the C library is musl. Node's report gives glibc's version; under musl it has none. */
function usesMusl({ platform, musl }: Machine): boolean {
  if (platform !== "linux" || musl !== undefined) return musl ?? false;
  const report = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return report.header.glibcVersionRuntime === undefined;
}

/**
 * A folder that must hold all wheels of the build, under the catalogue's file names: TensorFlow's and NVIDIA's versions have to fit each
 * other.
 * @throws RevganError `input` naming the missing wheels
 */
function sourceFromWheelFolder(folder: string, build: Build): InstallSource {
  const there = statSync(folder).isDirectory() ? readdirSync(folder) : [];
  const missing = wheelsOf(build).filter(({ file }) => !there.includes(file));
  if (missing.length > 0) {
    throw new RevganError(
      "input",
      `${folder} is not a folder with the GPU engine's wheels: there is no ${missing.map(({ file }) => file).join(", no ")}`,
      "fetch them from PyPI into one folder and name that",
    );
  }
  const fileOf = (wheel: Wheel): WheelFile => ({ path: join(folder, wheel.file), wheel });
  return { kind: "files", tensorflow: fileOf(build.tensorflow), cuda: build.cuda.map(fileOf), warning: null };
}

function sourceFromWheel(path: string, machine: Machine): InstallSource {
  const file = basename(path);
  if (!file.endsWith(".whl"))
    throw new RevganError(
      "input",
      `${path} is not a wheel`,
      "name a file that ends in .whl, or a folder with TensorFlow",
    );
  const wheel = tensorflowWheelNamed(file);
  const usual = buildFor("native", machine.platform, machine.arch)?.tensorflow.file;
  if (!fitsMachine(file, machine))
    throw new RevganError(
      "input",
      `${file} is for another kind of machine than this one (${machine.platform} ${machine.arch})`,
      `use ${usual ?? "the wasm engine"}`,
    );
  const warning =
    wheel === null
      ? `${file} is not one of the builds that RevGAN was tested with, and its SHA-256 is not known: it is used as it is`
      : null;
  return { kind: "files", tensorflow: { path, wheel }, cuda: [], warning };
}

/** Whether a wheel is for this machine, by the platform tag at the end of its name (PEP 425). */
function fitsMachine(file: string, { platform, arch }: Machine): boolean {
  const cpu = arch === "x64" ? "x86_64" : arch === "arm64" ? (platform === "darwin" ? "arm64" : "aarch64") : arch;
  const system = platform === "darwin" ? "macosx" : platform === "linux" ? "linux" : "win";
  const tag =
    file
      .replace(/\.whl$/, "")
      .split("-")
      .at(-1) ?? "";
  return tag === "any" || (tag.includes(system) && tag.endsWith(cpu));
}
