import { describe, expect, it } from "vitest";
import {
  buildFor,
  builds,
  wgpuWheels,
  wheelsOf,
  wheelUrl,
} from "../../../../extension/trainer/engines/install/catalogue";

describe("the catalogue", () => {
  it("pins every wheel by hash, size and an address as PyPI makes them", () => {
    for (const wheel of [...builds.flatMap(wheelsOf), ...wgpuWheels.map(({ wheel: each }) => each)]) {
      expect(wheel.sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(wheel.folder).toMatch(/^packages\/[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{60}$/);
      expect(wheel.file).toMatch(/^[\w.-]+\.whl$/);
    }
    for (const { tensorflow, version } of builds) {
      expect(tensorflow.file).toContain(`-${version}-`);
      expect(tensorflow.unpackedSize).toBeGreaterThan(tensorflow.size);
    }
  });

  it("has no engine for Windows and for Intel Macs", () => {
    expect(buildFor("native", "win32", "x64")).toBeNull();
    expect(buildFor("native", "darwin", "x64")).toBeNull();
  });

  it("fetches from PyPI, or from the mirror in REVGAN_PYPI", () => {
    const wheel = buildFor("native", "linux", "arm64")!.tensorflow;
    expect(wheelUrl(wheel, {})).toBe(`https://files.pythonhosted.org/${wheel.folder}/${wheel.file}`);
    expect(wheelUrl(wheel, { REVGAN_PYPI: "http://mirror/pypi/" })).toBe(
      `http://mirror/pypi/${wheel.folder}/${wheel.file}`,
    );
  });
});
