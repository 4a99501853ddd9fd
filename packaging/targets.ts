import { RevganError } from "../extension/protocol/errors";

/** An operating system and processor architecture, with the name that VS Code's Marketplace has for the pair. */
export interface Target {
  name: string;
  platform: NodeJS.Platform;
  arch: string;
  /** Zig's name for the target, with the oldest version of the system (macOS or glibc) on which compiled files have to run. */
  zig: string;
}

/**
 * Every target has a binary of sharp and of wgpu-native, and runs TensorFlow.js. The native engine exists for fewer of them, see the
 * engines' catalogue. VS Code itself requires macOS 11 or Windows 10.
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
 * The target with a name, by default this machine's target.
 * @throws RevganError `usage` if no target has the name
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
