/** A device that wgpu-native offers. */
export interface Adapter {
  readonly name: string;
  readonly vendor: string;
  /** The driver's name and version. */
  readonly driver: string;
  /** `Vulkan`, `Metal` or `Direct3D 12`. */
  readonly backend: string;
  /** `software`: a driver that computes on the CPU, such as llvmpipe. */
  readonly kind: "discrete" | "integrated" | "software" | "unknown";
  /** The most bytes of a buffer. */
  readonly bufferBytes: number;
  /** The most bytes of a buffer that a shader can access. */
  readonly bindingBytes: number;
  /** The most buffers that a shader can access. */
  readonly storageBuffers: number;
  /** The most bytes of memory that the threads of a workgroup share. */
  readonly workgroupBytes: number;
  /** The most threads of a workgroup. */
  readonly workgroupThreads: number;
}

/**
 * A device opened by the addon. Buffers and pipelines are identified by numbers. On failure, methods throw an error whose `code` is one of
 * {@link gpuFailures}.
 */
export interface AddonDevice {
  /** Creates a buffer and returns its number. @param bytes a multiple of 4 */
  createBuffer(bytes: number): number;
  /** Destroys a buffer. Its memory is freed once all dispatches submitted before have run. */
  destroyBuffer(buffer: number): void;
  /**
   * Compiles a shader and returns the pipeline's number.
   * @param reads number of buffers that the shader only reads; they come before those that it writes
   */
  createPipeline(code: string, reads: number, writes: number): number;
  /**
   * Runs the dispatches that the first `length` elements of the device's `commands` array describe. Each dispatch is: the pipeline;
   * workgroups along x, y and z; how many buffers; how many parameters; the buffers; the parameters.
   */
  submit(length: number): void;
  /** Copies values to a buffer, after all dispatches submitted before. */
  write(buffer: number, values: Float32Array): void;
  /**
   * Waits for all submitted dispatches, and copies pieces of buffers to `values`, one after another.
   * @param pieces for each piece three numbers: the buffer, the offset in bytes, and the number of bytes
   */
  read(pieces: Uint32Array, values: Float32Array): void;
  /** Makes the device behave from now on as if the driver had reset it. */
  lose(): void;
}

/** The exports of native/webgpu.cc. */
export interface WebGpuAddon {
  /**
   * Loads wgpu-native, which stays loaded until the process ends, and lists its devices.
   * @param library the path of wgpu-native's shared library
   */
  adapters(library: string): Adapter[];
  /** Opens a device. `adapter` is an index into the list from {@link adapters}; {@link AddonDevice.submit} reads `commands`. */
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
