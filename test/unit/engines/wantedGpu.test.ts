import { describe, expect, it } from "vitest";
import { statusOf } from "../../../extension/trainer/engines/engineStatus";
import { askNvidia, gpuInUse, lackOf, seeingOnly } from "../../../extension/trainer/engines/nvidia";
import { openEngine } from "../../../extension/trainer/engines/openEngine";
import { findGpu, wantedGpu } from "../../../extension/trainer/engines/wantedGpu";
import { h100, k80, nvidiaSmi } from "../../support/nvidiaSmi";
import { errorOf, scratchFolder } from "./scratch";

const gpus = [
  { index: 0, name: "NVIDIA H100 80GB HBM3" },
  { index: 3, name: "AMD Radeon RX 7900" },
];

describe("the GPU that is wanted", () => {
  it("is what the configuration says, else what VS Code says", () => {
    expect(wantedGpu(null, {})).toBeNull();
    expect(wantedGpu(null, { REVGAN_GPU: "" })).toBeNull();
    expect(wantedGpu(null, { REVGAN_GPU: "1" })).toBe(1);
    expect(wantedGpu(null, { REVGAN_GPU: "radeon" })).toBe("radeon");
    expect(wantedGpu("H100", { REVGAN_GPU: "1" })).toBe("H100");
    expect(wantedGpu(0, { REVGAN_GPU: "radeon" })).toBe(0);
  });

  it("is found by number or by a part of its name", () => {
    expect(findGpu(gpus, 3)).toBe(gpus[1]);
    expect(findGpu(gpus, "radeon")).toBe(gpus[1]);
    expect(findGpu(gpus, 1)).toEqual({
      reason: "there is no GPU 1",
      remedy: "set gpu to one of 0: NVIDIA H100 80GB HBM3, 3: AMD Radeon RX 7900",
    });
    expect(findGpu([], "radeon")).toEqual({
      reason: 'there is no GPU "radeon"',
      remedy: "install the GPU's driver",
    });
  });
});

describe("of NVIDIA's GPUs", () => {
  const report = () => askNvidia({ PATH: nvidiaSmi(`${h100}\n${k80}`) });

  it("the wanted one alone has to be fit for TensorFlow", async () => {
    expect(lackOf(await report(), "h100")).toBeNull();
    expect(lackOf(await report(), 1)?.reason).toBe(
      "Tesla K80 has compute capability 3.7, and TensorFlow needs 6.0 or higher",
    );
    expect(lackOf(await report(), "radeon")?.reason).toBe('there is no GPU "radeon"');
  });

  it("CUDA sees the wanted one alone, and all where it is none of them", async () => {
    const seen = async (wanted: string | number | null) => seeingOnly(await report(), wanted, { HOME: "/x" });
    expect(await seen("h100")).toEqual({ HOME: "/x", CUDA_VISIBLE_DEVICES: "0" });
    expect(gpuInUse(await report(), await seen(1))?.name).toBe("Tesla K80");
    for (const wanted of ["radeon", 7, null]) expect(await seen(wanted)).toEqual({ HOME: "/x" });
  });

  it("an engine for them that is told another maker's says that it has no such GPU", async () => {
    const env = { PATH: nvidiaSmi(h100), REVGAN_CACHE: scratchFolder(), REVGAN_GPU: "radeon" };
    expect(await statusOf("native-gpu", env)).toMatchObject({
      available: false,
      reason: 'there is no GPU "radeon"',
      remedy: "set gpu to one of 0: NVIDIA H100 80GB HBM3",
    });
  });

  it.each([
    [0, "0"],
    ["h100", "0"],
    ["radeon", undefined],
  ])("a process that is told %j lets TensorFlow see %j", async (gpu, visible) => {
    const { PATH: path, CUDA_VISIBLE_DEVICES: before } = process.env;
    process.env["PATH"] = `${nvidiaSmi(`${h100}\n${k80}`)}:${path ?? ""}`;
    delete process.env["CUDA_VISIBLE_DEVICES"];
    try {
      expect((await errorOf(openEngine({ engine: "native-gpu", gpu, convolution: "auto" }))).code).toBe("engine");
      expect(process.env["CUDA_VISIBLE_DEVICES"]).toBe(visible);
    } finally {
      process.env["PATH"] = path;
      if (before === undefined) delete process.env["CUDA_VISIBLE_DEVICES"];
      else process.env["CUDA_VISIBLE_DEVICES"] = before;
    }
  });
});
