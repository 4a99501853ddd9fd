import { describe, expect, it } from "vitest";
import { gpuEnvironment } from "../../../extension/trainer/engines/gpuEnvironment";
import { GpuMeter } from "../../../extension/trainer/engines/gpuMeter";
import { askNvidia, gpuInUse, lackOf } from "../../../extension/trainer/engines/nvidia";
import { h100, k80, nvidiaSmi } from "../../support/nvidiaSmi";

const machine = (gpus: string, code?: number): NodeJS.ProcessEnv => ({ PATH: nvidiaSmi(gpus, code) });

async function lackWith(text: string, code = 0): Promise<string | undefined> {
  return lackOf(await askNvidia(machine(text, code)))?.reason;
}

describe("what nvidia-smi says", () => {
  it("is the GPUs with their memory, in bytes", async () => {
    const report = await askNvidia(machine(`${h100}\n${k80}`));
    expect(report).toEqual({
      driver: "580.159.04",
      gpus: [
        {
          index: 0,
          name: "NVIDIA H100 80GB HBM3",
          capability: [9, 0],
          totalBytes: 81559 * 2 ** 20,
          usedBytes: 4 * 2 ** 20,
        },
        { index: 1, name: "Tesla K80", capability: [3, 7], totalBytes: 11441 * 2 ** 20, usedBytes: 0 },
      ],
    });
    expect(lackOf(report)).toBeNull();
  });

  it("is nothing where there is no driver", async () => {
    expect(lackOf(await askNvidia({ PATH: "/nowhere" }))).toEqual({
      reason: "no GPU was found: there is no nvidia-smi, which comes with NVIDIA's driver",
      remedy: "install NVIDIA's driver 525.60.13 or a later one if there is a GPU",
    });
  });

  it("may be that it cannot reach the driver", async () => {
    expect(await lackWith("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.", 9)).toBe(
      "no GPU was found: nvidia-smi says: NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.",
    );
    expect(await lackWith("No devices were found", 6)).toContain("No devices were found");
  });
});

describe("a GPU that cannot work", () => {
  it("has a driver that is older than CUDA 12", async () => {
    for (const driver of ["470.82.01", "525.60.11"])
      expect(await lackWith(h100.replace("580.159.04", driver))).toBe(
        `NVIDIA's driver ${driver} is too old for CUDA 12`,
      );
    for (const driver of ["525.60.13", "525.105.17", "530.30"])
      expect(await lackWith(h100.replace("580.159.04", driver))).toBeUndefined();
    expect(await lackWith(`Field "compute_cap" is not a valid field to query.`, 2)).toBe(
      "NVIDIA's driver here is too old for CUDA 12",
    );
  });

  it("is older than TensorFlow's kernels", async () => {
    expect(await lackWith(k80)).toBe("Tesla K80 has compute capability 3.7, and TensorFlow needs 6.0 or higher");
  });
});

it("a process on the CPU sees no GPU, and one on a GPU what its user lets it see", () => {
  expect(gpuEnvironment("native", { CUDA_VISIBLE_DEVICES: "0", HOME: "/x" })).toEqual({
    CUDA_VISIBLE_DEVICES: "-1",
    HOME: "/x",
  });
  expect(gpuEnvironment("native-gpu", { CUDA_VISIBLE_DEVICES: "0" })).toMatchObject({
    CUDA_VISIBLE_DEVICES: "0",
    CUDA_DEVICE_ORDER: "PCI_BUS_ID",
    TF_FORCE_GPU_ALLOW_GROWTH: "true",
  });
});

it("the GPU in use is the last one that CUDA may see", async () => {
  const report = await askNvidia(machine(`${h100}\n${h100.replace("0, ", "1, ")}`));
  const index = (visible?: string) =>
    gpuInUse(report, visible === undefined ? {} : { CUDA_VISIBLE_DEVICES: visible })?.index;
  expect([index(), index("0"), index("1,0"), index("GPU-8932f937"), index("")]).toEqual([
    1,
    0,
    0,
    undefined,
    undefined,
  ]);
});

describe("the memory that a process holds of a GPU", () => {
  it("is what the driver counts for it", async () => {
    const meter = new GpuMeter({ PATH: nvidiaSmi(h100, 0, "77, 1132\n4242, 1644\n4242, 2") }, 4242);
    expect(meter.bytes).toBeNull();
    expect(await meter.read()).toBe(1646 * 2 ** 20);
    expect(meter.bytes).toBe(1646 * 2 ** 20);
  });

  it("is that of all programs where the driver does not know the process, as in a container", async () => {
    expect(await new GpuMeter({ PATH: nvidiaSmi(h100, 0, "77, 1132") }, 4242).read()).toBe(4 * 2 ** 20);
  });

  it("is unknown without a driver, and stays what it was when that stops answering", async () => {
    expect(await new GpuMeter({ PATH: "/nowhere" }).read()).toBeNull();
    const env: NodeJS.ProcessEnv = { PATH: nvidiaSmi(h100, 0, "4242, 1644") };
    const meter = new GpuMeter(env, 4242);
    await meter.read();
    env["PATH"] = "/nowhere";
    expect(await meter.read()).toBe(1644 * 2 ** 20);
  });
});
