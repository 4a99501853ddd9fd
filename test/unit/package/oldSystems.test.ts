import { describe, expect, it } from "vitest";
import { refusalOf } from "../../../packaging/oldSystems";
import { targetNamed } from "../../../packaging/targets";

const linux = targetNamed("linux-x64");

/** The beginning of a compiled file, with a table of strings behind it. */
function compiled(machine: number, ...names: string[]): Buffer {
  const header = Buffer.alloc(64);
  header.write("\x7fELF", "latin1");
  header.writeUInt16LE(machine, 18);
  return Buffer.concat([header, Buffer.from(`\0${names.join("\0")}\0`)]);
}

describe("a compiled binding", () => {
  it("is taken when it needs what TensorFlow needs", () => {
    expect(
      refusalOf(compiled(0x3e, "GLIBC_2.2.5", "GLIBC_2.27", "GLIBCXX_3.4.9", "GLIBCXX_3.4.22", "CXXABI_1.3.11"), linux),
    ).toBeNull();
  });

  it.each(["GLIBC_2.28", "GLIBC_2.34", "GLIBCXX_3.4.29", "CXXABI_1.3.13", "GLIBC_3"])(
    "is refused when it needs %s",
    (version) => {
      expect(refusalOf(compiled(0x3e, "GLIBC_2.14", version), linux)).toContain(
        `needs ${version}, and may need no newer than`,
      );
    },
  );

  it("compares versions by number and not by letter", () => {
    expect(refusalOf(compiled(0x3e, "GLIBC_2.4"), linux)).toBeNull();
    expect(refusalOf(compiled(0x3e, "GLIBC_2.100"), linux)).not.toBeNull();
  });

  it("is refused for another processor or another system", () => {
    expect(refusalOf(compiled(0xb7), linux)).toBe("is not for linux-x64");
    expect(refusalOf(compiled(0xb7), targetNamed("linux-arm64"))).toBeNull();
    expect(refusalOf(compiled(0xb7), targetNamed("darwin-arm64"))).toBe("is not for darwin-arm64");
    expect(refusalOf(Buffer.from("MZ, a program for Windows, and not one for Linux"), linux)).toBe(
      "is not for linux-x64",
    );
  });
});

it("a compiled binding for macOS is taken by its processor", () => {
  const header = Buffer.from("cffaedfe0c000001".padEnd(64, "0"), "hex");
  expect(refusalOf(header, targetNamed("darwin-arm64"))).toBeNull();
  expect(refusalOf(header, targetNamed("darwin-x64"))).toBe("is not for darwin-x64");
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
