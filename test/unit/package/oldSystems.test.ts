import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readBinary } from "../../../packaging/binaries/readBinary";
import { refusalOf } from "../../../packaging/oldSystems";
import { targetNamed } from "../../../packaging/targets";

/** An addon that was compiled for a target, with texts in it replaced by others of the same length. */
function addon(target: string, replaced: Readonly<Record<string, string>> = {}): Buffer {
  const path = join(import.meta.dirname, "..", "..", "data", "addons", `${target}.node.gz`);
  const bytes = gunzipSync(readFileSync(path));
  for (const [text, other] of Object.entries(replaced)) {
    const padded = other.padEnd(text.length, "\0");
    for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) bytes.write(padded, at, "latin1");
  }
  return bytes;
}

const refusal = (target: string, replaced: Readonly<Record<string, string>> = {}): string | null =>
  refusalOf(addon(target, replaced), targetNamed(target));

describe("what a compiled addon asks for", () => {
  it.each([
    ["linux-x64", "linux", "x64", ["libc.so.6"], ["napi_adjust_external_memory", "puts"], ["GLIBC_2.2.5"]],
    [
      "darwin-arm64",
      "darwin",
      "arm64",
      ["/usr/lib/libSystem.B.dylib"],
      ["dyld_stub_binder", "napi_adjust_external_memory", "puts"],
      ["macOS_11.0"],
    ],
    [
      "win32-x64",
      "win32",
      "x64",
      ["KERNEL32.dll"],
      ["GetModuleHandleW", "GetProcAddress", "napi_adjust_external_memory"],
      [],
    ],
  ])("is read from the one for %s", (target, platform, arch, libraries, imports, versions) => {
    expect(readBinary(addon(target))).toEqual({ platform, arch, libraries, imports, versions });
  });
});

describe("a compiled addon", () => {
  it.each(["linux-x64", "darwin-arm64", "win32-x64"])("for %s is taken for that, and for no other target", (target) => {
    expect(refusal(target)).toBeNull();
    const other = target === "linux-x64" ? "linux-arm64" : "linux-x64";
    expect(refusalOf(addon(target), targetNamed(other))).toBe(`is not for ${other}`);
  });

  it.each(["GLIBC_2.28", "GLIBC_2.100", "GLIBC_3"])("is refused when it needs %s", (version) => {
    expect(refusal("linux-x64", { "GLIBC_2.2.5": version })).toBe(
      `needs ${version}, and may need no newer than GLIBC_2.27`,
    );
  });

  it.each(["GLIBC_2.27", "GLIBC_2.4"])("is taken when it needs %s: versions are compared by number", (version) => {
    expect(refusal("linux-x64", { "GLIBC_2.2.5": version })).toBeNull();
  });

  it("is refused when it needs a newer macOS than its target's", () => {
    const bytes = addon("darwin-arm64");
    // In LC_BUILD_VERSION, behind the command's number and size and the number of macOS.
    const at = bytes.indexOf(Buffer.from([0x32, 0, 0, 0])) + 12;
    expect(bytes.readUInt32LE(at)).toBe(11 << 16);
    bytes.writeUInt32LE(13 << 16, at);
    expect(refusalOf(bytes, targetNamed("darwin-arm64"))).toBe(
      "needs macOS_13.0, and may need no newer than macOS_11.0",
    );
  });

  it("is refused when it needs a library that Windows does not have", () => {
    expect(refusal("win32-x64", { "KERNEL32.dll": "node.exe" })).toBe("needs node.exe, which is not a part of Windows");
  });

  it.each(["linux-x64", "darwin-arm64", "win32-x64"])(
    "for %s is refused when it calls what Electron forbids",
    (target) => {
      const called = "napi_create_external_buffer";
      expect(refusal(target, { napi_adjust_external_memory: called })).toBe(`calls ${called}, which Electron forbids`);
    },
  );
});

describe("a target", () => {
  it("is this machine's unless one is named", () => {
    expect(targetNamed().name).toBe(`${process.platform}-${process.arch}`);
    expect(targetNamed("darwin-arm64")).toMatchObject({ platform: "darwin", arch: "arm64" });
  });

  it("is refused with the names that there are", () => {
    expect(() => targetNamed("amiga-68k")).toThrow(
      expect.objectContaining({ code: "usage", message: "there is no target amiga-68k" }),
    );
  });
});
