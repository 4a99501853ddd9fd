import type { Adapter } from "../kernels/webgpu/addon";
import { findGpu, type Lack, type WantedGpu } from "./wantedGpu";

/** An adapter as users see it: `NVIDIA H100 (Vulkan, NVIDIA 550.54)`. */
export function adapterText({ name, backend, driver }: Adapter): string {
  return `${name} (${[backend, driver].filter((each) => each !== "").join(", ")})`;
}

/** Names of drivers that compute on the CPU but act as a GPU: Mesa's, Google's, and Windows' own (WARP). */
const softwareNames = /llvmpipe|lavapipe|swiftshader|microsoft basic render/i;

/**
 * The adapters that wgpu-native lists, with the kind `software` for those that compute on the CPU; some drivers do not report it
 * themselves.
 */
export function recognised(adapters: readonly Adapter[]): Adapter[] {
  return adapters.map((adapter) => (softwareNames.test(adapter.name) ? { ...adapter, kind: "software" } : adapter));
}

/** The kinds of adapters, the best first, from which one is taken where none is wanted. A CPU that acts as a GPU is only taken by name. */
const preferred: readonly Adapter["kind"][] = ["discrete", "integrated", "unknown"];

/** The index of the wanted adapter, or why there is none. */
export function chooseAdapter(adapters: readonly Adapter[], wanted: WantedGpu): { readonly index: number } | Lack {
  if (wanted !== null)
    return findGpu(
      adapters.map(({ name }, index) => ({ index, name })),
      wanted,
    );
  const [kind] = preferred.filter((each) => adapters.some((adapter) => adapter.kind === each));
  if (kind !== undefined) return { index: adapters.findIndex((adapter) => adapter.kind === kind) };
  const [software] = adapters;
  return software === undefined
    ? { reason: "no GPU was found", remedy: "install the GPU's driver, on Linux one for Vulkan" }
    : {
        reason: `no GPU was found but ${software.name}, which is the processor`,
        remedy: `use another engine, or set gpu to ${JSON.stringify(software.name.split(" ")[0])} to have it nevertheless`,
      };
}
