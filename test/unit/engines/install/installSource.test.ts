import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { RevganError } from "../../../../extension/protocol/errors";
import { buildFor } from "../../../../extension/trainer/engines/install/catalogue";
import { installSource, type Machine, wgpuWheel } from "../../../../extension/trainer/engines/install/installSource";
import { scratchFolder } from "../scratch";

const linux: Machine = { platform: "linux", arch: "x64" };

function write(path: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, "x");
  return path;
}

function errorFrom(
  path: string | undefined,
  machine: Machine,
  engine: "native" | "native-gpu" = "native",
): RevganError {
  try {
    installSource(engine, path, machine);
  } catch (error) {
    if (error instanceof RevganError) return error;
  }
  throw new Error("no RevganError");
}

describe("installSource", () => {
  it("takes the catalogue's wheel when nothing is named", () => {
    expect(installSource("native", undefined, { platform: "darwin", arch: "arm64" })).toEqual({
      kind: "download",
      build: buildFor("native", "darwin", "arm64"),
    });
  });

  it("says for which machines there is no native engine, and what to do there", () => {
    const error = errorFrom(undefined, { platform: "win32", arch: "x64" });
    expect(error.code).toBe("engine");
    expect(error.remedy).toContain("WSL");
    expect(errorFrom(undefined, { platform: "darwin", arch: "x64" }).remedy).toBe("use the webgpu or the wasm engine");
  });

  it("takes a wheel of another version with a warning", () => {
    const path = write(
      join(scratchFolder(), "tensorflow_cpu-2.19.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"),
    );
    expect(installSource("native", path, linux)).toMatchObject({
      kind: "files",
      tensorflow: { path, wheel: null },
      warning: expect.stringContaining("not one of the builds") as string,
    });
  });

  it("takes the catalogue's wheel in a folder, without a warning", () => {
    const { file } = buildFor("native", "linux", "x64")!.tensorflow;
    const path = write(join(scratchFolder(), file));
    expect(installSource("native", dirname(path), linux)).toMatchObject({
      kind: "files",
      tensorflow: { path },
      cuda: [],
      warning: null,
    });
  });

  it("refuses a wheel for another machine, another file and a path that is not there", () => {
    const folder = scratchFolder();
    expect(
      errorFrom(write(join(folder, buildFor("native", "linux", "arm64")!.tensorflow.file)), linux).message,
    ).toContain("another kind of machine");
    expect(
      errorFrom(write(join(folder, buildFor("native", "darwin", "arm64")!.tensorflow.file)), linux).message,
    ).toContain("another kind of machine");
    expect(errorFrom(write(join(folder, "x.zip")), linux).message).toContain("not a wheel");
    expect(errorFrom(join(folder, "nowhere"), linux).code).toBe("input");
  });

  it("takes the GPU engine's wheels from a folder with all of them, and says which is missing", () => {
    const folder = scratchFolder();
    const build = buildFor("native-gpu", "linux", "x64")!;
    for (const { file } of [build.tensorflow, ...build.cuda.slice(1)]) write(join(folder, file));
    const missing = build.cuda[0]!.file;
    expect(errorFrom(folder, linux, "native-gpu").message).toBe(
      `${folder} is not a folder with the GPU engine's wheels: there is no ${missing}`,
    );
    expect(errorFrom(join(folder, build.tensorflow.file), linux, "native-gpu").message).toContain(
      `there is no ${build.tensorflow.file}, no ${missing}`,
    );
    write(join(folder, missing));
    expect(installSource("native-gpu", folder, linux)).toMatchObject({
      kind: "files",
      tensorflow: { wheel: build.tensorflow },
      cuda: build.cuda.map((wheel) => ({ path: join(folder, wheel.file), wheel })),
    });
  });

  it("says for which machines there is no GPU engine", () => {
    const error = errorFrom(undefined, { platform: "darwin", arch: "arm64" }, "native-gpu");
    expect([error.code, error.message, error.remedy]).toEqual([
      "engine",
      "there is no GPU engine for darwin arm64: TensorFlow publishes none",
      "use the native engine on the CPU",
    ]);
    expect(errorFrom(undefined, { platform: "win32", arch: "x64" }, "native-gpu").remedy).toContain("WSL");
  });

  it.each([
    ["an unpacked wheel or a site-packages", "tensorflow/", "tensorflow/include/", "cc.so.2"],
    ["the tensorflow package itself", "", "include/", "cc.so.2"],
    ["the archive of the C API", "lib/", "include/", "so.2"],
    [
      "a virtual environment",
      "lib/python3.11/site-packages/tensorflow/",
      "lib/python3.11/site-packages/tensorflow/include/",
      "cc.so.2",
    ],
  ])("finds TensorFlow in %s", (_what, libraries, include, ending) => {
    const folder = scratchFolder();
    const api = ending === "so.2" ? "libtensorflow.so.2" : "libtensorflow_cc.so.2";
    write(join(folder, libraries, api));
    write(join(folder, libraries, "libtensorflow_framework.so.2"));
    write(join(folder, include, "tensorflow/c/eager/c_api.h"));
    expect(installSource("native", folder, linux)).toMatchObject({
      kind: "folder",
      tensorflow: { libraryFolder: join(folder, libraries).replace(/\/$/, ""), libraries: { api } },
    });
  });

  it("refuses a folder without TensorFlow, and libraries without headers", () => {
    const folder = scratchFolder();
    expect(errorFrom(folder, linux).message).toContain("no TensorFlow in");
    write(join(folder, "libtensorflow_cc.so.2"));
    write(join(folder, "libtensorflow_framework.so.2"));
    expect(errorFrom(folder, linux).message).toContain("not its headers");
  });
});

describe("wgpuWheel", () => {
  it.each([
    ["linux", "x64", "manylinux_2_28_x86_64"],
    ["linux", "arm64", "manylinux_2_28_aarch64"],
    ["darwin", "arm64", "macosx_11_0_arm64"],
    ["darwin", "x64", "macosx_10_9_x86_64"],
    ["win32", "x64", "win_amd64"],
    ["win32", "arm64", "win_arm64"],
  ] as const)("has one for %s %s", (platform, arch, tag) => {
    expect(wgpuWheel({ platform, arch, musl: false }).file).toBe(`wgpu-0.32.0-py3-none-${tag}.whl`);
  });

  it("says in one line where there is none", () => {
    expect(() => wgpuWheel({ ...linux, musl: true })).toThrow(
      expect.objectContaining({
        code: "engine",
        message: "there is no webgpu engine for musl systems such as Alpine: wgpu-native is built for glibc",
      }),
    );
    expect(() => wgpuWheel({ platform: "linux", arch: "riscv64" })).toThrow(
      "there is no webgpu engine for linux riscv64: nobody publishes wgpu-native for it",
    );
    expect(errorFrom(undefined, { ...linux, musl: true }).message).toContain("TensorFlow is built for glibc");
  });
});
