import { RevganError } from "../extension/protocol/errors";

/** A kind of machine under the name that VS Code's marketplace has for it. */
export interface Target {
  name: string;
  platform: NodeJS.Platform;
  arch: string;
  /** What Zig's compiler calls it, with the oldest system on which the result is to run. */
  zig: string;
}

/**
 * For each of them sharp has a binary, TensorFlow.js runs, and wgpu-native is published; the native engine is for fewer, see the engines'
 * catalogue. VS Code wants macOS 11 and Windows 10.
 */
export const targets: readonly Target[] = [
  { name: "linux-x64", platform: "linux", arch: "x64", zig: "x86_64-linux-gnu.2.17" },
  { name: "linux-arm64", platform: "linux", arch: "arm64", zig: "aarch64-linux-gnu.2.17" },
  { name: "darwin-arm64", platform: "darwin", arch: "arm64", zig: "aarch64-macos.11.0" },
  { name: "darwin-x64", platform: "darwin", arch: "x64", zig: "x86_64-macos.11.0" },
  { name: "win32-x64", platform: "win32", arch: "x64", zig: "x86_64-windows-gnu" },
  { name: "win32-arm64", platform: "win32", arch: "arm64", zig: "aarch64-windows-gnu" },
];

/**
 * The target of that name, by default this machine's.
 * @throws RevganError `usage` for a name that is none
 */
export function targetNamed(name = `${process.platform}-${process.arch}`): Target {
  const target = targets.find((each) => each.name === name);
  if (target) return target;
  throw new RevganError(
    "usage",
    `there is no target ${name}`,
    `name one of ${targets.map((each) => each.name).join(", ")}`,
  );
}
