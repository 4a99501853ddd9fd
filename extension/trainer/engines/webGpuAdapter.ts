import type { Adapter } from "../kernels/webgpu/addon";
import { findGpu, type Lack, type WantedGpu } from "./wantedGpu";

/** `NVIDIA H100 (Vulkan, NVIDIA 550.54)`. */
export function adapterText({ name, backend, driver }: Adapter): string {
  return `${name} (${[backend, driver].filter((each) => each !== "").join(", ")})`;
}

/** What processors that act as a GPU call themselves: Mesa's, Google's, and Windows' own (WARP). */
const softwareNames = /llvmpipe|lavapipe|swiftshader|microsoft basic render/i;

/** Adapters as wgpu-native lists them, of which some drivers do not say that they compute on the processor. */
export function recognised(adapters: readonly Adapter[]): Adapter[] {
  return adapters.map((adapter) => (softwareNames.test(adapter.name) ? { ...adapter, kind: "software" } : adapter));
}

/** Kinds in the order in which they are taken where none is asked for; a processor that acts as a GPU is not among them. */
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
