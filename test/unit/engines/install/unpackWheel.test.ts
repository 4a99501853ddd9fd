import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { unpackWheel } from "../../../../extension/trainer/engines/install/unpackWheel";
import { errorOf, scratchFolder, smallWheel, wheelMembers } from "../scratch";
import { smallZip, type ZipMember } from "../../../support/smallZip";

function place(zip: Buffer): { wheel: string; folder: string; parent: string } {
  const parent = scratchFolder();
  const wheel = join(parent, "x.whl");
  writeFileSync(wheel, zip);
  return { wheel, folder: join(parent, "a", "b", "engine"), parent };
}

const withExtra = (extra: ZipMember) => smallZip([...wheelMembers, extra]);

describe("unpackWheel", () => {
  it("unpacks the libraries, the needed headers and the licences, and nothing else", async () => {
    const { wheel, folder } = place(smallWheel);
    await unpackWheel(wheel, folder, { platform: "linux" });
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.map(({ name }) => name).sort()).toEqual([
      "LICENSE.tensorflow",
      "THIRD_PARTY_NOTICES.txt",
      "c_api.h",
      "c_api.h",
      "ctstring.h",
      "libtensorflow_cc.so.2",
      "libtensorflow_framework.so.2",
    ]);
    expect(readFileSync(join(folder, "include/tensorflow/c/eager/c_api.h"), "utf8")).toBe("// eager");
    expect(readFileSync(join(folder, "lib/libtensorflow_cc.so.2"), "utf8")).toHaveLength(16_000);
  });

  it("refuses names that leave the folder", async () => {
    const { wheel, folder, parent } = place(
      withExtra({ name: "tensorflow/include/tensorflow/c/../../../../../../evil.h", content: "x" }),
    );
    const error = await errorOf(unpackWheel(wheel, folder, { platform: "linux" }));
    expect(error.code).toBe("input");
    expect(readdirSync(parent, { recursive: true }).some((name) => String(name).includes("evil"))).toBe(false);
  });

  it("refuses links", async () => {
    const { wheel, folder } = place(
      withExtra({ name: "tensorflow/include/tensorflow/c/link.h", content: "/etc/passwd", mode: 0o120777 }),
    );
    expect((await errorOf(unpackWheel(wheel, folder, { platform: "linux" }))).message).toContain("link");
    expect(existsSync(folder)).toBe(false);
  });

  it("refuses a member whose bytes changed", async () => {
    const { wheel, folder } = place(
      withExtra({ name: "tensorflow/include/tensorflow/c/tf_status.h", content: "x", crc: 1 }),
    );
    expect((await errorOf(unpackWheel(wheel, folder, { platform: "linux" }))).message).toContain("CRC-32");
  });

  it("refuses what is no zip, and a zip that is cut off", async () => {
    for (const bytes of [Buffer.from("hello"), smallWheel.subarray(0, smallWheel.length - 40), Buffer.alloc(0)]) {
      const { wheel, folder } = place(bytes);
      expect((await errorOf(unpackWheel(wheel, folder, { platform: "linux" }))).code).toBe("input");
    }
  });

  it("refuses a wheel for another system", async () => {
    const { wheel, folder } = place(smallWheel);
    expect((await errorOf(unpackWheel(wheel, folder, { platform: "darwin" }))).message).toContain(
      "libtensorflow_cc.2.dylib",
    );
  });

  it("stops when told to", async () => {
    const { wheel, folder } = place(smallWheel);
    expect((await errorOf(unpackWheel(wheel, folder, { platform: "linux", signal: AbortSignal.abort() }))).code).toBe(
      "interrupted",
    );
  });

  it("unpacks the libraries of one of NVIDIA's wheels into one folder, with its licence, and nothing else", async () => {
    const lib = "nvidia/cusolver/lib/";
    const members = [
      `${lib}libcusolver.so.11`,
      `${lib}libcusolverMg.so.11`,
      `${lib}libnvrtc-builtins.so.12.8`,
      `${lib}libnvrtc.alt.so.12`,
      `${lib}__init__.py`,
      "nvidia/cusolver/include/cusolver.h",
      "nvidia_cusolver_cu12-11.7.dist-info/License.txt",
    ];
    const { wheel, folder } = place(smallZip(members.map((name) => ({ name, content: name }))));
    await unpackWheel(wheel, folder, { holds: "cuda" });
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.map((entry) => relative(folder, join(entry.parentPath, entry.name))).sort()).toEqual([
      "LICENSE.nvidia_cusolver_cu12",
      "nvidia/cublas/lib/libcusolver.so.11",
      "nvidia/cublas/lib/libnvrtc-builtins.so.12.8",
    ]);
  });

  it("refuses a wheel without NVIDIA's libraries", async () => {
    const { wheel, folder } = place(smallWheel);
    expect((await errorOf(unpackWheel(wheel, folder, { holds: "cuda" }))).message).toContain(
      "holds none of NVIDIA's libraries",
    );
  });
});
