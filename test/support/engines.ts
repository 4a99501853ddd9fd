import { afterEach, beforeEach, expect } from "vitest";
import { openEngine } from "../../extension/trainer/engines/open";
import { loadNativeBinding } from "../../extension/trainer/engines/loadNative";
import type { Kernels } from "../../extension/trainer/kernels/kernels";
import { NativeKernels } from "../../extension/trainer/kernels/native";
import type { TensorFlowBinding } from "../../extension/trainer/kernels/tensorflow";

/** The engines that every test of numbers runs on. */
export const engineNames = ["native", "wasm"] as const;

/** TensorFlow with tfjs-node's own binding, and on a GPU: without our operations. */
export const plainNative = "native without our operations";

/** The kernels of an engine; a test that needs one that does not work here fails with the engine's own reason. */
export async function kernelsOf(name: (typeof engineNames)[number] | typeof plainNative): Promise<Kernels> {
  return name === plainNative ? new NativeKernels(loadNativeBinding().binding as TensorFlowBinding, false) : (await openEngine(name)).kernels;
}

/** Every test of the block must leave as many tensors as it found. */
export function expectNoLeaks(kernels: () => Kernels): void {
  let before = 0;
  beforeEach(() => {
    before = kernels().ledger.count;
  });
  afterEach(() => expect(kernels().ledger.count).toBe(before));
}
