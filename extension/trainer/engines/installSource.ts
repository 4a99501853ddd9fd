import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { RevganError } from "../../protocol/errors";
import { wheelFor, wheelNamed, type Wheel } from "./catalogue";
import { findTensorflow, type TensorflowFolder } from "./sourceFolder";

/** Where an engine comes from. */
export type InstallSource =
  | { kind: "download"; wheel: Wheel }
  /** `wheel` is null for a wheel that the catalogue does not know: `warning` says so. */
  | { kind: "file"; path: string; wheel: Wheel | null; warning: string | null }
  | { kind: "folder"; path: string; tensorflow: TensorflowFolder };

export interface Machine {
  platform: NodeJS.Platform;
  arch: string;
}

export const thisMachine: Machine = { platform: process.platform, arch: process.arch };

/**
 * Decides what to install from: the catalogue's wheel, or the file or folder that the user names.
 * @throws RevganError `engine` when there is no native engine for this machine, `input` when `from` is of no use
 */
export function installSource(from: string | undefined, machine: Machine = thisMachine): InstallSource {
  if (from === undefined) return { kind: "download", wheel: catalogueWheel(machine) };
  const path = resolve(from);
  if (!existsSync(path)) throw new RevganError("input", `${path} does not exist`, "name a TensorFlow wheel or a folder with TensorFlow");
  if (!statSync(path).isDirectory()) return wheelFile(path, machine);
  const inside = wheelFor("native", machine.platform, machine.arch);
  if (inside !== null && readdirSync(path).includes(inside.file)) return wheelFile(join(path, inside.file), machine);
  return { kind: "folder", path, tensorflow: findTensorflow(path, machine.platform) };
}

function catalogueWheel({ platform, arch }: Machine): Wheel {
  const wheel = wheelFor("native", platform, arch);
  if (wheel === null) {
    const remedy = platform === "win32" ? "use the wasm engine, or run RevGAN in WSL, where the native engine works" : "use the wasm engine";
    throw new RevganError("engine", `there is no native engine for ${platform} ${arch}: TensorFlow publishes no library for it`, remedy);
  }
  if (platform === "linux" && usesMusl()) {
    throw new RevganError("engine", "there is no native engine for musl systems such as Alpine: TensorFlow is built for glibc", "use the wasm engine, or a Debian or Ubuntu container");
  }
  return wheel;
}

/** Node's report names glibc's version; under musl it has none. */
function usesMusl(): boolean {
  const report = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return report.header.glibcVersionRuntime === undefined;
}

function wheelFile(path: string, machine: Machine): InstallSource {
  const file = basename(path);
  if (!file.endsWith(".whl")) throw new RevganError("input", `${path} is not a wheel`, "name a file that ends in .whl, or a folder with TensorFlow");
  const wheel = wheelNamed(file);
  if (!fits(file, machine)) throw new RevganError("input", `${file} is for another kind of machine than this one (${machine.platform} ${machine.arch})`, `use ${wheelFor("native", machine.platform, machine.arch)?.file ?? "the wasm engine"}`);
  const warning = wheel === null ? `${file} is not one of the builds that RevGAN was tested with, and its SHA-256 is not known: it is used as it is` : null;
  return { kind: "file", path, wheel, warning };
}

/** By the platform tag at the end of a wheel's name (PEP 425). */
function fits(file: string, { platform, arch }: Machine): boolean {
  const cpu = arch === "x64" ? "x86_64" : arch === "arm64" ? (platform === "darwin" ? "arm64" : "aarch64") : arch;
  const system = platform === "darwin" ? "macosx" : platform === "linux" ? "linux" : "win";
  const tag = file.replace(/\.whl$/, "").split("-").at(-1) ?? "";
  return tag === "any" || (tag.includes(system) && tag.endsWith(cpu));
}
