import { afterEach, beforeEach, expect } from "vitest";
import { openEngine } from "../../extension/trainer/engines/open";
import type { Kernels } from "../../extension/trainer/kernels/kernels";

/** The engines that every test of numbers runs on. */
export const engineNames = ["native", "wasm"] as const;

/** The kernels of an engine; a test that needs one that does not work here fails with the engine's own reason. */
export async function kernelsOf(name: (typeof engineNames)[number]): Promise<Kernels> {
  return (await openEngine(name)).kernels;
}

/** Every test of the block must leave as many tensors as it found. */
export function expectNoLeaks(kernels: () => Kernels): void {
  let before = 0;
  beforeEach(() => {
    before = kernels().ledger.count;
  });
  afterEach(() => expect(kernels().ledger.count).toBe(before));
}
