import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { RevganError } from "../extension/protocol/errors";
import { cacheFolders } from "../extension/trainer/engines/cacheFolder";
import type { Wheel } from "../extension/trainer/engines/install/catalogue";
import type { Compiler } from "../extension/trainer/engines/install/compiler";
import { unpackPinned } from "../extension/trainer/engines/install/pinnedWheel";
import type { Target } from "./targets";

/** The version of Zig. Its C++ compiler runs on every system and compiles for every other, because it contains their C libraries. */
const version = "0.17.1";

/** Wheels of the Python package `ziglang`, by the platform and architecture of the machine that compiles. */
const wheels: Readonly<Partial<Record<string, Wheel>>> = {
  "linux-x64": {
    file: "ziglang-0.17.1-py3-none-manylinux_2_12_x86_64.manylinux2010_x86_64.musllinux_1_1_x86_64.whl",
    folder: "packages/59/e3/2a34676370a11c36b7cd04ffb2439c1089c0530cf4b01408c77cf7f8d9c3",
    sha256: "ea6cc5d87b033cf0aedfbc8f9549a908cae6c50ac31f1698188fa48a74524b54",
    size: 101_083_562,
    unpackedSize: 390_000_000,
  },
  "linux-arm64": {
    file: "ziglang-0.17.1-py3-none-manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64.whl",
    folder: "packages/91/72/bb7c4f098ba3e535fa2ebefd9f26327ba63fb0672562959255cb5dd37aff",
    sha256: "b7c5f02fccd40f89b999ee16a1f5ddced56e6182370f8affe494bcf8a28cf07e",
    size: 98_063_064,
    unpackedSize: 390_000_000,
  },
  "darwin-arm64": {
    file: "ziglang-0.17.1-py3-none-macosx_13_0_arm64.whl",
    folder: "packages/ea/e1/4a9a97324fcf2d292c14a2e0121ea0df86c01d0c307ea24fa35aebaccd15",
    sha256: "09953b6af7f64168b915180a42774f520f92d86ef6331b28e33915c7e1f0bb23",
    size: 100_390_379,
    unpackedSize: 390_000_000,
  },
  "darwin-x64": {
    file: "ziglang-0.17.1-py3-none-macosx_13_0_x86_64.whl",
    folder: "packages/17/f6/f4dfc8cf0e510980fda251a8edf99823b9446f5d7a2a6a24801e55e09c28",
    sha256: "4e0b4b9c02b8d0d220e9948010f860b62ff11d96abb39762eca5fa2ef3f7bc97",
    size: 104_485_232,
    unpackedSize: 390_000_000,
  },
  "win32-x64": {
    file: "ziglang-0.17.1-py3-none-win_amd64.whl",
    folder: "packages/c8/6c/2013114fa780f0cf490cdc98bdd5bf7dce706a5dbd86e50ec4132cf7d4b1",
    sha256: "69c3dfc3aff6a297ec4017aa904782c0e450eb988982d7f675d83edce27526fb",
    size: 101_924_940,
    unpackedSize: 390_000_000,
  },
  "win32-arm64": {
    file: "ziglang-0.17.1-py3-none-win_arm64.whl",
    folder: "packages/70/34/a1d775ceaf325b08c3aca909865e057919d0fe1355e2b59081500ef230a1",
    sha256: "27a8da5f8eaa0e76ebbc7c2594130ed4646c1101ada2ce0aa86fe580c74154b9",
    size: 97_412_346,
    unpackedSize: 390_000_000,
  },
};

/**
 * The command that compiles for a target. Zig is downloaded from PyPI once, into the cache.
 * @throws RevganError `engine` if there is no Zig for this machine, `download`, `disk`
 */
export async function zigCompiler({ zig }: Target, env: NodeJS.ProcessEnv = process.env): Promise<Compiler> {
  const folder = join(cacheFolders(env).root, `zig-${version}`);
  const program = join(folder, "bin", process.platform === "win32" ? "zig.exe" : "zig");
  if (!existsSync(program)) await install(folder, env);
  return [program, "c++", "-target", zig];
}

async function install(folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  const wheel = wheels[`${process.platform}-${process.arch}`];
  if (wheel === undefined)
    throw new RevganError(
      "engine",
      `there is no Zig ${version} for ${process.platform} ${process.arch}`,
      "name a compiler for the target with CXX",
    );
  console.error(
    `Fetching Zig ${version}, which compiles for other systems (${Math.round(wheel.size / 1e6)} MB, once) …`,
  );
  const temporary = `${folder}.${process.pid}`;
  await mkdir(temporary, { recursive: true });
  try {
    // Zig looks for its folder `lib` beside its program or beside the program's folder.
    const place = (name: string): string | null =>
      /^ziglang\/(?!__)(.+)$/.exec(name)?.[1]?.replace(/^(zig(?:\.exe)?)$/, "bin/$1") ?? null;
    await unpackPinned({ wheel, path: null, holds: { place, missingIn: () => null } }, temporary, {}, env);
    await rename(temporary, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
