import { expect, it } from "vitest";
import { packed } from "../../../extension/trainer/engines/probeWebGpu";
import { selfTests } from "../../../extension/trainer/kernels/webgpu/selfTest";

it("gives its tests to the process that makes them within the length of Windows' command lines", () => {
  // With room for the script and the paths.
  expect(packed(selfTests()).length).toBeLessThan(32_767 - 10_000);
});
