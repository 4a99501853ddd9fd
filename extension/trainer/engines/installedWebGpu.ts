import { existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod/mini";
import { cacheFolders } from "./cacheFolder";
import { wgpuLibraryName } from "./install/wheelContents";

/** What `webgpu.json` says; written last, so a folder with it is complete. */
const recordSchema = z.object({
  format: z.literal(1),
  /** Of wgpu-native. */
  version: z.string(),
  /** The wheel's name. */
  source: z.string(),
  platform: z.string(),
  arch: z.string(),
});

export type WebGpuRecord = z.infer<typeof recordSchema>;

/** wgpu-native and the addon that opens it, as `revgan engine install --webgpu` has put them there. */
export interface LocatedWebGpu {
  /** Of wgpu-native. */
  readonly version: string;
  readonly addon: string;
  readonly library: string;
}

export const webGpuRecordFile = "webgpu.json";
export const webGpuAddonFile = "webgpu.node";

/** The library, in the folder. */
const webGpuLibrary = join("lib", wgpuLibraryName(process.platform));

/** Where it is installed, for this kind of machine. */
export function webGpuFolder(env: NodeJS.ProcessEnv): string {
  return join(cacheFolders(env).engines, `webgpu-${process.platform}-${process.arch}`);
}

/** Null where it is not installed. It is only located, not tried. */
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
 * The environment in which a process looks for GPUs. On Linux Mesa's drivers look for a window system first, and complain on stderr where
 * this variable names no folder for it.
 */
export function webGpuEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return process.platform === "linux" ? { XDG_RUNTIME_DIR: tmpdir(), ...env } : env;
}
