import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { locateWebGpu, webGpuFolder } from "../../../../extension/trainer/engines/installedWebGpu";
import { wgpuWheelFor } from "../../../../extension/trainer/engines/install/catalogue";
import { installWebGpu } from "../../../../extension/trainer/engines/install/installWebGpu";
import { removeNative } from "../../../../extension/trainer/engines/install/removeNative";
import { unpackWheel } from "../../../../extension/trainer/engines/install/unpackWheel";
import { wgpuLibraryName } from "../../../../extension/trainer/engines/install/wheelContents";
import { errorOf, scratchFolder } from "../scratch";
import { smallZip } from "../../../support/smallZip";

const wheel = wgpuWheelFor(process.platform, process.arch);
const members = [
  { name: "wgpu/__init__.py", content: "" },
  { name: "wgpu-0.32.0.dist-info/licenses/LICENSE", content: "BSD" },
];

describe.runIf(wheel !== null)("installing the webgpu engine from a file", () => {
  it("refuses a wheel of another name, and one that is changed, and leaves nothing", async () => {
    const folder = scratchFolder();
    const env = { REVGAN_CACHE: scratchFolder() };
    const other = join(folder, "wgpu-0.31.0-py3-none-manylinux_2_28_x86_64.whl");
    writeFileSync(other, smallZip(members));
    for (const from of [other, folder])
      expect(await errorOf(installWebGpu({ env, from }))).toMatchObject({
        code: "input",
        message: `${from} is not ${wheel!.file}, nor a folder with it`,
      });
    writeFileSync(join(folder, wheel!.file), smallZip(members));
    expect((await errorOf(installWebGpu({ env, from: folder }))).message).toContain("is damaged: its SHA-256 is not");
    expect((await errorOf(installWebGpu({ env, from: join(folder, "none") }))).message).toContain("does not exist");
    expect(existsSync(webGpuFolder(env))).toBe(false);
  });
});

it.each([
  ["linux", "libwgpu_native-release.so", "libwgpu_native.so"],
  ["darwin", "libwgpu_native-release.dylib", "libwgpu_native.dylib"],
  ["win32", "wgpu_native-release.dll", "wgpu_native.dll"],
] as const)("of %s's wheel takes the library and the licence, and nothing else", async (platform, inWheel, name) => {
  const folder = scratchFolder();
  const file = join(folder, "x.whl");
  const library = { name: `wgpu/resources/${inWheel}`, content: "a library" };
  writeFileSync(file, smallZip([...members, library]));
  const target = join(folder, "engine");
  await unpackWheel(file, target, { holds: "webgpu", platform });
  expect(readdirSync(target, { recursive: true }).sort()).toEqual(["LICENSE.wgpu-py", "lib", join("lib", name)]);
  writeFileSync(file, smallZip(members));
  expect((await errorOf(unpackWheel(file, target, { holds: "webgpu", platform }))).message).toContain(
    `holds no wgpu-native for this system (no ${name})`,
  );
});

describe("the webgpu engine in the cache", () => {
  it("is found when it is complete, and removed with the others", async () => {
    const env = { REVGAN_CACHE: scratchFolder() };
    const folder = webGpuFolder(env);
    mkdirSync(join(folder, "lib"), { recursive: true });
    writeFileSync(join(folder, "lib", wgpuLibraryName(process.platform)), "a library");
    writeFileSync(join(folder, "webgpu.node"), "an addon");
    expect(locateWebGpu(env)).toBeNull();
    const { platform, arch } = process;
    const record = { format: 1, version: "29.0.1.1", source: "x.whl", platform, arch };
    writeFileSync(join(folder, "webgpu.json"), JSON.stringify(record));
    expect(locateWebGpu(env)).toMatchObject({ version: "29.0.1.1", addon: join(folder, "webgpu.node") });
    expect((await removeNative(env)).folders).toEqual([folder]);
    expect(locateWebGpu(env)).toBeNull();
  });
});
