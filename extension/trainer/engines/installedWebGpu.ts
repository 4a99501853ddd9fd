import { existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod/mini";
import { cacheFolders } from "./cacheFolder";
import { wgpuLibraryName } from "./install/wheelContents";

/** The content of `webgpu.json`. It is written last, so a folder that has it is complete. */
const recordSchema = z.object({
  format: z.literal(1),
  /** The version of wgpu-native. */
  version: z.string(),
  /** The name of the wheel that it was installed from. */
  source: z.string(),
  platform: z.string(),
  arch: z.string(),
});

export type WebGpuRecord = z.infer<typeof recordSchema>;

/** The installed files of the WebGPU engine: wgpu-native and the addon that opens it. Paths are absolute. */
export interface LocatedWebGpu {
  /** The version of wgpu-native. */
  readonly version: string;
  readonly addon: string;
  readonly library: string;
}

export const webGpuRecordFile = "webgpu.json";
export const webGpuAddonFile = "webgpu.node";

/** Path of wgpu-native's library inside the engine's folder. */
const webGpuLibrary = join("lib", wgpuLibraryName(process.platform));

/** The folder into which the WebGPU engine is installed, for this platform and processor. */
export function webGpuFolder(env: NodeJS.ProcessEnv): string {
  return join(cacheFolders(env).engines, `webgpu-${process.platform}-${process.arch}`);
}

/** The installed WebGPU engine; null where there is none. Its files are only located, not tried. */
export function locateWebGpu(env: NodeJS.ProcessEnv = process.env): LocatedWebGpu | null {
  const folder = webGpuFolder(env);
  const record = readRecord(join(folder, webGpuRecordFile));
  const [addon, library] = [join(folder, webGpuAddonFile), join(folder, webGpuLibrary)];
  if (record === null || !existsSync(addon) || !existsSync(library)) return null;
  return { version: record.version, addon, library };
}

/** The engine's version as shown to users and in run.json. */
export function wgpuText(version: string): string {
  return `wgpu-native ${version}`;
}

function readRecord(file: string): WebGpuRecord | null {
  try {
    const { success, data } = recordSchema.safeParse(JSON.parse(readFileSync(file, "utf8")));
    return success ? data : null;
  } catch {
    return null;
  }
}

/**
 * The environment in which a process looks for GPUs. On Linux Mesa's drivers look for a window system first, and print a complaint on
 * stderr unless XDG_RUNTIME_DIR names a folder.
 */
export function webGpuEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return process.platform === "linux" ? { XDG_RUNTIME_DIR: tmpdir(), ...env } : env;
}
