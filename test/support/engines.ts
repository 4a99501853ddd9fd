import { afterEach, beforeEach, expect } from "vitest";
import { openEngine } from "../../extension/trainer/engines/openEngine";
import { loadNativeBinding } from "../../extension/trainer/engines/loadNative";
import { type Kernels, normEpsilon } from "../../extension/trainer/kernels/kernels";
import { NativeKernels } from "../../extension/trainer/kernels/nativeKernels";
import { WebGpuKernels } from "../../extension/trainer/kernels/webgpu/webgpuKernels";
import type { TensorFlowBinding } from "../../extension/trainer/kernels/tensorflow";
import { extent } from "./full";

/** `npm run gpu` holds the GPU's to the same figures. */
const native = process.env["REVGAN_TEST_ENGINE"] === "native-gpu" ? "native-gpu" : "native";

/**
 * The GPU, by a part of its name, on which the webgpu engine is tested: a software one, so that its results are everywhere the same. `npm test`
 * says `none` where there is none and none can be installed.
 */
export const testedGpu = process.env["REVGAN_TEST_WEBGPU"] ?? "llvmpipe";

type TestedEngine = typeof native | "webgpu" | "wasm";

/** The engines that every test of numbers runs on. */
export const engineNames: readonly TestedEngine[] = [
  native,
  ...(testedGpu === "none" ? [] : ["webgpu" as const]),
  "wasm",
];

/** Those for tests of networks: a processor that acts as a GPU takes minutes for what the others do in seconds. */
export const networkEngines = extent<readonly TestedEngine[]>([native, "wasm"], engineNames);

/** The engines for tests of what is written in kernels: one shows the logic, `npm run test:full` takes them all. */
export const logicEngines = extent<readonly TestedEngine[]>([native], [native, "wasm"]);

/** TensorFlow with tfjs-node's own binding: without our operations. */
export const plainNative = "native without our operations";

/** As on a GPU, but that the operations run on the processor. */
export const gpuNative = "native as on a GPU";

/** `test/parity/processorPaths.full.test.ts` also goes the other way. */
const convolution = process.env["REVGAN_TEST_CONVOLUTION"] === "direct" ? "direct" : "auto";

/** For tests of the webgpu engine alone. */
export async function webGpuKernels(): Promise<WebGpuKernels> {
  const { kernels } = await openEngine({ engine: "webgpu", gpu: testedGpu, convolution });
  if (kernels instanceof WebGpuKernels) return kernels;
  throw new Error("webgpu has other kernels");
}

/** What the configuration says of the GPU for a test on an engine. */
export function gpuFor(engine: string): string | null {
  return engine === "webgpu" ? testedGpu : null;
}

/** The kernels of an engine; a test that needs one that does not work here fails with the engine's own reason. */
export async function kernelsOf(name: TestedEngine | typeof plainNative | typeof gpuNative): Promise<Kernels> {
  if (name !== plainNative && name !== gpuNative)
    return (await openEngine({ engine: name, gpu: gpuFor(name), convolution })).kernels;
  const binding = loadNativeBinding(native).binding as TensorFlowBinding;
  return new NativeKernels(name === gpuNative ? asOnGpu(binding) : binding, false, false);
}

/** What a fused batch norm saves for its gradient is the variance on a processor, and 1/√(variance + eps) on a GPU. */
function asOnGpu(binding: TensorFlowBinding): TensorFlowBinding {
  const saved = 4;
  const changed = (id: number, change: (value: number) => number): number => {
    const values = binding.tensorDataSync(id).map(change);
    return binding.createTensor([values.length], binding.TF_FLOAT, values);
  };
  const executeOp: TensorFlowBinding["executeOp"] = (name, attributes, inputs, outputs) => {
    if (name !== "FusedBatchNormGradV3") {
      const results = binding.executeOp(name, attributes, inputs, outputs);
      if (name !== "FusedBatchNormV3") return results;
      const { id, shape } = results[saved]!;
      results[saved] = { id: changed(id, (variance) => 1 / Math.sqrt(variance + normEpsilon)), shape };
      binding.deleteTensor(id);
      return results;
    }
    const variance = changed(inputs[saved]!, (rstd) => 1 / rstd ** 2 - normEpsilon);
    const results = binding.executeOp(name, attributes, inputs.with(saved, variance), outputs);
    binding.deleteTensor(variance);
    return results;
  };
  return Object.create(binding, {
    isUsingGpuDevice: { value: () => true },
    executeOp: { value: executeOp },
  }) as TensorFlowBinding;
}

/** Every test of the block must leave as many tensors as it found. */
export function expectNoLeaks(kernels: () => Kernels): void {
  let before = 0;
  beforeEach(() => {
    before = kernels().ledger.count;
  });
  afterEach(() => expect(kernels().ledger.count).toBe(before));
}
