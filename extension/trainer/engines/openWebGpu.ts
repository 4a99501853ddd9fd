import { RevganError } from "../../protocol/errors";
import type { Adapter, WebGpuAddon } from "../kernels/webgpu/addon";
import { Gpu } from "../kernels/webgpu/gpu";
import { WebGpuKernels } from "../kernels/webgpu/webgpuKernels";
import { locateWebGpu, webGpuEnvironment, wgpuText } from "./installedWebGpu";
import { requireFromHere } from "./packages";
import type { WantedGpu } from "./wantedGpu";
import { chooseAdapter, recognised } from "./webGpuAdapter";

/** The WebGPU engine in this process. */
export interface OpenWebGpu {
  readonly kernels: WebGpuKernels;
  readonly version: string;
}

/**
 * Opens the wanted GPU. It is not tested here, because engineStatus.ts has tested it in another process.
 * @throws RevganError `engine`
 */
export function openWebGpu(wanted: WantedGpu): OpenWebGpu {
  const located = locateWebGpu();
  if (located === null)
    throw new RevganError("engine", "the webgpu engine is not installed", "run `revgan engine install --webgpu`");
  try {
    const addon = requireFromHere(located.addon) as WebGpuAddon;
    const adapters = adaptersOf(addon, located.library);
    const chosen = chooseAdapter(adapters, wanted);
    if (!("index" in chosen)) throw new RevganError("engine", chosen.reason, chosen.remedy);
    const gpu = new Gpu(addon, chosen.index, adapters[chosen.index]!);
    return { kernels: new WebGpuKernels(gpu), version: wgpuText(located.version) };
  } catch (error) {
    if (error instanceof RevganError) throw error;
    throw new RevganError(
      "engine",
      `the webgpu engine does not start: ${error instanceof Error ? error.message : String(error)}`,
      "run `revgan engine status`",
      { cause: error },
    );
  }
}

function adaptersOf(addon: WebGpuAddon, library: string): Adapter[] {
  const { XDG_RUNTIME_DIR: before } = process.env;
  process.env["XDG_RUNTIME_DIR"] = webGpuEnvironment(process.env)["XDG_RUNTIME_DIR"];
  try {
    return recognised(addon.adapters(library));
  } finally {
    if (before === undefined) delete process.env["XDG_RUNTIME_DIR"];
  }
}
