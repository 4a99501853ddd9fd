import { readBinary } from "./binaries/readBinary";
import type { Target } from "./targets";

/**
 * The newest symbol versions that TensorFlow 2.21's own libraries require (`objdump -p`; its wheel is manylinux_2_27). A file that
 * requires no newer ones runs wherever TensorFlow runs, and wherever VS Code does, which requires glibc 2.28.
 */
const newestOnLinux: Partial<Record<string, string>> = { GLIBC: "2.27", GLIBCXX: "3.4.22", CXXABI: "1.3.11" };

/** The libraries, with the C library's, that every Windows 10 has. */
const ofWindows = /^(?:kernel32|api-ms-win-crt-[\w-]+)\.dll$/i;

/** Functions of Node-API that give JavaScript memory from outside V8's heap. Electron does not allow it, so they fail in VS Code. */
const forbidden = /^(?:napi|node_api)_create_external_(?:arraybuffer|buffer)$/;

/** Why a compiled file will not run on every system of a target or in VS Code there; null if it will. */
export function refusalOf(bytes: Buffer, target: Target): string | null {
  const binary = readBinary(bytes);
  if (binary?.platform !== target.platform || binary.arch !== target.arch) return `is not for ${target.name}`;
  const refused = binary.imports.find((name) => forbidden.test(name));
  if (refused !== undefined) return `calls ${refused}, which Electron forbids`;
  const foreign = binary.libraries.find((name) => target.platform === "win32" && !ofWindows.test(name));
  if (foreign !== undefined) return `needs ${foreign}, which is not a part of Windows`;
  for (const needed of binary.versions) {
    const [, name = "", version = ""] = /^(\w+)_([\d.]+)$/.exec(needed) ?? [];
    const most = name === "macOS" ? oldestMac(target) : newestOnLinux[name];
    if (most !== undefined && compareVersions(version, most) > 0)
      return `needs ${needed}, and may need no newer than ${name}_${most}`;
  }
  return null;
}

/** The oldest macOS version of a target: `11.0` for Zig's target aarch64-macos.11.0. */
function oldestMac({ zig }: Target): string {
  return zig.slice(zig.indexOf(".") + 1);
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(".").map(Number)) as [number[], number[]];
  const at = left.findIndex((part, i) => part !== (right[i] ?? 0));
  return at < 0 ? 0 : left[at]! - (right[at] ?? 0);
}
