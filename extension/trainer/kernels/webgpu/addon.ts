/** A device that wgpu-native offers. */
export interface Adapter {
  readonly name: string;
  readonly vendor: string;
  /** The driver's name and version. */
  readonly driver: string;
  /** `Vulkan`, `Metal` or `Direct3D 12`. */
  readonly backend: string;
  /** `software`: a processor that acts as a GPU, such as llvmpipe. */
  readonly kind: "discrete" | "integrated" | "software" | "unknown";
  /** Bytes of a buffer, at most. */
  readonly bufferBytes: number;
  /** Bytes of a buffer that a shader sees, at most. */
  readonly bindingBytes: number;
  /** Buffers that a shader sees, at most. */
  readonly storageBuffers: number;
  /** Bytes that the threads of a workgroup share, at most. */
  readonly workgroupBytes: number;
  /** Threads of a workgroup, at most. */
  readonly workgroupThreads: number;
}

/** Buffers and pipelines are numbers. Every method throws an error whose `code` is one of {@link gpuFailures}. */
export interface AddonDevice {
  /** @param bytes a multiple of 4 */
  createBuffer(bytes: number): number;
  /** Its memory is free once what was submitted has used it. */
  destroyBuffer(buffer: number): void;
  /** @param reads how many buffers the shader reads, which come before those that it writes */
  createPipeline(code: string, reads: number, writes: number): number;
  /**
   * Runs the dispatches in the first numbers of the array that the device was made with. Of each: pipeline, workgroups along x, y and z,
   * numbers of buffers and of parameters, these buffers, these parameters.
   */
  submit(length: number): void;
  /** Takes effect behind all that was submitted. */
  write(buffer: number, values: Float32Array): void;
  /**
   * Waits for all that was submitted, and copies pieces of buffers to `values`, one after another.
   * @param pieces of each piece the buffer, its first byte and its bytes
   */
  read(pieces: Uint32Array, values: Float32Array): void;
  /** Behaves from now on as if the driver had reset the device. */
  lose(): void;
}

/** native/webgpu.cc. */
export interface WebGpuAddon {
  /** Opens wgpu-native, for good. @param library its path */
  adapters(library: string): Adapter[];
  /** `adapter` is an index of {@link adapters}. */
  readonly Device: new (adapter: number, commands: Uint32Array) => AddonDevice;
}

/** Codes of the addon's errors. */
export const gpuFailures = {
  outOfMemory: "WEBGPU_OUT_OF_MEMORY",
  lost: "WEBGPU_LOST",
  library: "WEBGPU_LIBRARY",
  other: "WEBGPU_FAILED",
} as const;

/** Whether an error of the addon has this code. */
export function isGpuFailure(error: unknown, kind: keyof typeof gpuFailures): error is Error {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === gpuFailures[kind];
}
