import { describe, expect, it } from "vitest";
import { adapterText, chooseAdapter, recognised } from "../../../extension/trainer/engines/webGpuAdapter";
import type { Adapter } from "../../../extension/trainer/kernels/webgpu/addon";

const adapter = (name: string, kind: Adapter["kind"]): Adapter => ({
  name,
  vendor: "",
  driver: "Mesa 24.1",
  backend: "Vulkan",
  kind,
  bufferBytes: 2 ** 31,
  bindingBytes: 2 ** 27,
  storageBuffers: 8,
  workgroupBytes: 16_384,
  workgroupThreads: 256,
});
const software = adapter("llvmpipe (LLVM 15)", "software");
const integrated = adapter("Intel UHD Graphics", "integrated");
const discrete = adapter("AMD Radeon RX 7600", "discrete");

describe("the GPU of the webgpu engine", () => {
  it("is one with memory of its own, else another one, whatever the order", () => {
    expect(chooseAdapter([software, integrated, discrete], null)).toEqual({ index: 2 });
    expect(chooseAdapter([integrated, software], null)).toEqual({ index: 0 });
  });

  it("is never a processor, unless that is named", () => {
    expect(chooseAdapter([software], null)).toEqual({
      reason: "no GPU was found but llvmpipe (LLVM 15), which is the processor",
      remedy: 'use another engine, or set gpu to "llvmpipe" to have it nevertheless',
    });
    expect(chooseAdapter([discrete, software], "LLVMpipe")).toMatchObject({ index: 1 });
    expect(chooseAdapter([], null)).toMatchObject({ reason: "no GPU was found" });
  });

  it.each([
    "llvmpipe (LLVM 19.1.7, 256 bits)",
    "SwiftShader Device (Subzero)",
    "Microsoft Basic Render Driver",
    "Microsoft Direct3D12 (Microsoft Basic Render Driver)",
  ])("is not taken for one where %s does not say what it is", (name) => {
    const found = recognised([adapter(name, "unknown"), integrated]);
    expect(found.map(({ kind }) => kind)).toEqual(["software", "integrated"]);
  });

  it("is the one that its number or a part of its name says, and no other", () => {
    expect(chooseAdapter([software, integrated, discrete], 1)).toMatchObject({ index: 1 });
    expect(chooseAdapter([software, integrated, discrete], "radeon")).toMatchObject({ index: 2 });
    const remedy = "set gpu to one of 0: llvmpipe (LLVM 15), 1: Intel UHD Graphics";
    expect(chooseAdapter([software, integrated], "radeon")).toEqual({ reason: 'there is no GPU "radeon"', remedy });
    expect(chooseAdapter([software, integrated], 2)).toEqual({ reason: "there is no GPU 2", remedy });
  });

  it("is shown with its backend and driver", () => {
    expect(adapterText(discrete)).toBe("AMD Radeon RX 7600 (Vulkan, Mesa 24.1)");
  });
});
