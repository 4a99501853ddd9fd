import { afterEach, beforeEach, expect } from "vitest";
import { openEngine } from "../../extension/trainer/engines/openEngine";
import { loadNativeBinding } from "../../extension/trainer/engines/loadNative";
import { type Kernels, normEpsilon } from "../../extension/trainer/kernels/kernels";
import { NativeKernels } from "../../extension/trainer/kernels/nativeKernels";
import { WebGpuKernels } from "../../extension/trainer/kernels/webgpu/webgpuKernels";
import type { TensorFlowBinding } from "../../extension/trainer/kernels/tensorflow";
import { extent } from "./full";

/** TensorFlow's engine under test. `npm run gpu` runs the same tests on its GPU variant. */
const native = process.env["REVGAN_TEST_ENGINE"] === "native-gpu" ? "native-gpu" : "native";

/**
 * A part of the name of the GPU on which the webgpu engine is tested. The default is a software GPU, so that results are the same on
 * every machine. `npm test` sets `none` if the GPU is missing and cannot be installed.
 */
export const testedGpu = process.env["REVGAN_TEST_WEBGPU"] ?? "llvmpipe";

type TestedEngine = typeof native | "webgpu" | "wasm";

/** The engines on which all numerical tests run. */
export const engineNames: readonly TestedEngine[] = [
  native,
  ...(testedGpu === "none" ? [] : ["webgpu" as const]),
  "wasm",
];

/** The engines for tests of whole networks: without webgpu in `npm test`, because a software GPU takes minutes instead of seconds. */
export const networkEngines = extent<readonly TestedEngine[]>([native, "wasm"], engineNames);

/** The engines for tests of code built from kernels. One engine suffices to test its logic; `npm run test:full` also runs `wasm`. */
export const logicEngines = extent<readonly TestedEngine[]>([native], [native, "wasm"]);

/** TensorFlow with tfjs-node's binding alone, without our C++ operations. */
export const plainNative = "native without our operations";

/** The code path for GPUs, with TensorFlow's operations run on the processor; see {@link asOnGpu}. */
export const gpuNative = "native as on a GPU";

/** The convolution algorithm; `test/parity/processorPaths.full.test.ts` also runs the tests with `direct`. */
const convolution = process.env["REVGAN_TEST_CONVOLUTION"] === "direct" ? "direct" : "auto";

/** The kernels of the webgpu engine, for tests of this engine only. */
export async function webGpuKernels(): Promise<WebGpuKernels> {
  const { kernels } = await openEngine({ engine: "webgpu", gpu: testedGpu, convolution });
  if (kernels instanceof WebGpuKernels) return kernels;
  throw new Error("webgpu has other kernels");
}

/** The configuration's `gpu` for a test on an engine. */
export function gpuFor(engine: string): string | null {
  return engine === "webgpu" ? testedGpu : null;
}

/** The kernels of an engine. If the engine does not work here, the test fails with the engine's own error. */
export async function kernelsOf(name: TestedEngine | typeof plainNative | typeof gpuNative): Promise<Kernels> {
  if (name !== plainNative && name !== gpuNative)
    return (await openEngine({ engine: name, gpu: gpuFor(name), convolution })).kernels;
  const binding = loadNativeBinding(native).binding as TensorFlowBinding;
  return new NativeKernels(name === gpuNative ? asOnGpu(binding) : binding, false, false);
}

/**
 * A binding that claims to use a GPU. TensorFlow's fused batch norm saves the variance for its gradient on a processor, but
 * 1/√(variance + eps) on a GPU, so this value is converted in both directions.
 */
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

/** Checks after each test of the surrounding block that as many tensors exist as before it. */
export function expectNoLeaks(kernels: () => Kernels): void {
  let before = 0;
  beforeEach(() => {
    before = kernels().ledger.count;
  });
  afterEach(() => expect(kernels().ledger.count).toBe(before));
}
