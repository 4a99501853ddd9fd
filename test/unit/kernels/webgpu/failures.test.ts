import { describe, expect, it } from "vitest";
import { locateWebGpu } from "../../../../extension/trainer/engines/installedWebGpu";
import { statusOf } from "../../../../extension/trainer/engines/engineStatus";
import { probeWebGpu } from "../../../../extension/trainer/engines/probeWebGpu";
import { DeviceLost } from "../../../../extension/trainer/kernels/deviceLost";
import { selfTests } from "../../../../extension/trainer/kernels/webgpu/selfTest";
import { OutOfMemory } from "../../../../extension/trainer/kernels/outOfMemory";
import { testedGpu, webGpuKernels } from "../../../support/engines";

describe.runIf(testedGpu !== "none")("a GPU of webgpu", () => {
  it("refuses a tensor that no shader could see, by its shape", async () => {
    const k = await webGpuKernels();
    const { bindingBytes } = k.gpu.adapter;
    const shape = [1, Math.ceil(bindingBytes / 4096) + 1, 32, 32];
    expect(() => k.zeros(shape)).toThrow(OutOfMemory);
    expect(() => k.zeros(shape)).toThrow(`a tensor of ${shape.join(" × ")}`);
    expect(k.ledger.count).toBe(0);
  });

  it("says so in every call once it is lost", async () => {
    const k = await webGpuKernels();
    const x = k.tensor(new Float32Array(8), [8]);
    k.gpu.lose();
    expect(() => k.read(x)).toThrow(DeviceLost);
    expect(() => k.tensor(new Float32Array(80), [80])).toThrow(DeviceLost);
    // Another one does not know.
    const other = await webGpuKernels();
    const y = other.tensor(Float32Array.of(1, 2), [2]);
    expect([...other.read(y)]).toEqual([1, 2]);
    y.dispose();
  });

  const wrong = (name: string, from: string, to: string): ReturnType<typeof selfTests> =>
    selfTests().map((test) => (test.fault === name ? { ...test, code: test.code.replaceAll(from, to) } : test));

  it.each([
    ["does not add exactly", "round(", "floor("],
    ["does not take back exactly what it added", "r0[i] -", "0.9999999 * r0[i] -"],
    ["does not round to even", "round(r0[i]", "floor(0.5 + r0[i]"],
    ["does not multiply exactly", "a * b", "a * b * 1.0000001"],
    ["takes what is not a number for 0", "isNegative(x)", "!isPositive(x)"],
    ["computes a wrong tanh", "2.12194440e-4", "2.0e-4"],
    ["overlooks what is not finite", "bitcast<vec4<u32>>(x)", "bitcast<vec4<u32>>(min(x, vec4<f32>(9.0)))"],
    ["computes a wrong norm", "* rstd", "* rstd * rstd"],
  ])("that %s is refused in a line", async (fault, from, to) => {
    const tests = wrong(fault, from, to);
    expect(tests).not.toEqual(selfTests());
    const probe = await probeWebGpu(locateWebGpu()!, testedGpu, undefined, tests);
    expect(probe).toMatchObject({ works: false, remedy: "update its driver, or use another engine" });
    expect(!probe.works && probe.reason).toMatch(new RegExp(` ${fault}, so a training on it would be wrong$`));
  });

  it("that computes as it should is available when it is named, with what it is", async () => {
    const line = await statusOf("webgpu", process.env, undefined, testedGpu);
    expect(line).toMatchObject({ available: true, version: "wgpu-native 29.0.1.1", reason: null });
    expect(line.device).toContain("Vulkan");
    expect(line.adapters![0]).toMatchObject({ index: 0, backend: "Vulkan" });
  });
});
