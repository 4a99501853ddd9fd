import { DeviceLost } from "../deviceLost";
import { OutOfMemory } from "../outOfMemory";
import type { Shape } from "../tensor";
import { type Adapter, type AddonDevice, isGpuFailure, type WebGpuAddon } from "./addon";
import { BufferPool, type Stored } from "./bufferPool";
import { type Shader, threadsOfEach } from "./shaders/shader";

/** Numbers of workgroups along x, y and z. */
export type Groups = readonly [number, number, number];

/** Length of the array that dispatches are written to. */
const commandNumbers = 32 * 1024;
/**
 * The most dispatches of a batch, which is submitted as a whole: few enough that the device starts early, and no more than the addon
 * accepts.
 */
const dispatchesABatch = 128;
/** The most workgroups along an axis that every WebGPU device supports. */
export const mostGroups = 65_535;

/** A device with its buffers and pipelines. Dispatches are collected and run in batches, in their order. */
export class Gpu {
  readonly pool = new BufferPool((bytes) => this.guard(() => this.device.createBuffer(bytes)));
  /**
   * The most multiplications of a dispatch; a batch ends when it has more. Operating systems reset the driver of a GPU that works on one
   * batch for about two seconds. A slow GPU of 100 GFLOP/s takes 0.4 s for this many.
   */
  readonly mostWork = 2e10;
  /** Numbers of dispatches, submitted batches and reads since the device was opened. */
  readonly counts = { dispatches: 0, submits: 0, reads: 0 };
  private readonly commands = new Uint32Array(commandNumbers);
  private readonly device: AddonDevice;
  private readonly pipelines = new Map<Shader, number>();
  /** Reads that {@link readLater} has put off. Each counts as a user of its buffer until the next {@link read}. */
  private readonly later: { readonly buffer: Stored; readonly values: Float32Array }[] = [];
  private length = 0;
  private pending = 0;
  private work = 0;

  /** @param index index of the adapter in the addon's list */
  constructor(
    addon: WebGpuAddon,
    index: number,
    readonly adapter: Adapter,
  ) {
    this.device = new addon.Device(index, this.commands);
  }

  /**
   * A buffer for a tensor of this shape.
   * @throws OutOfMemory also if the tensor is larger than a shader can access
   */
  take(bytes: number, shape: Shape): Stored {
    if (bytes > this.adapter.bindingBytes)
      throw new OutOfMemory(
        shape,
        new Error(
          `it takes ${bytes} bytes, and this GPU gives a shader at most ${this.adapter.bindingBytes} of one tensor`,
        ),
      );
    try {
      return this.pool.take(bytes);
    } catch (error) {
      if (!isGpuFailure(error, "outOfMemory")) throw error;
      // Giving the pool's free buffers back to the device may free enough memory.
      this.flush();
      this.pool.clear((buffer) => this.device.destroyBuffer(buffer));
      return this.guard(() => this.pool.take(bytes), shape);
    }
  }

  /**
   * Adds a dispatch to the batch.
   * @param buffers those that the shader reads, then those that it writes
   * @param parameters at most 32, as unsigned integers
   * @param work number of multiplications, for dispatches that have many
   */
  run(shader: Shader, buffers: readonly Stored[], parameters: readonly number[], groups: Groups, work = 0): void {
    const { commands } = this;
    let at = this.length;
    commands[at++] = this.pipelines.get(shader) ?? this.compile(shader);
    commands[at++] = groups[0];
    commands[at++] = groups[1];
    commands[at++] = groups[2];
    commands[at++] = buffers.length;
    commands[at++] = parameters.length;
    for (const { id } of buffers) commands[at++] = id;
    for (const parameter of parameters) commands[at++] = parameter;
    this.length = at;
    this.counts.dispatches++;
    this.work += work;
    if (++this.pending === dispatchesABatch || this.work > this.mostWork) this.flush();
  }

  /** Adds a dispatch of a shader with a thread for each of `count` elements (shaders/shader.ts). */
  runEach(shader: Shader, buffers: readonly Stored[], count: number, parameters: readonly number[]): void {
    const groups = rowsOf(Math.ceil(count / threadsOfEach));
    this.run(shader, buffers, [count, groups[0] * threadsOfEach, ...parameters], groups);
  }

  /** Submits the dispatches collected so far. */
  flush(): void {
    if (this.pending > 0) {
      const { length } = this;
      this.length = this.pending = this.work = 0;
      this.counts.submits++;
      this.guard(() => this.device.submit(length));
    }
    if (this.pool.isOverfull) this.pool.trim((buffer) => this.device.destroyBuffer(buffer));
  }

  write(buffer: Stored, values: Float32Array): void {
    this.flush();
    this.guard(() => this.device.write(buffer.id, values));
  }

  /** Copies pieces of buffers, one after another; waits until the device has computed them. */
  read(pieces: readonly { readonly buffer: Stored; readonly first: number; readonly count: number }[]): Float32Array {
    this.flush();
    this.counts.reads++;
    const later = this.later.splice(0);
    const all = [...pieces, ...later.map(({ buffer, values }) => ({ buffer, first: 0, count: values.length }))];
    const read = new Float32Array(all.reduce((sum, { count }) => sum + count, 0));
    const list = Uint32Array.from(all.flatMap(({ buffer, first, count }) => [buffer.id, 4 * first, 4 * count]));
    this.guard(() => this.device.read(list, read));
    let end = read.length;
    for (const { buffer, values } of later.toReversed()) {
      values.set(read.subarray(end - values.length, end));
      end -= values.length;
      this.pool.drop(buffer);
    }
    return later.length === 0 ? read : read.slice(0, end);
  }

  /** Submits the collected dispatches and waits until the device has run all of them. */
  finish(): void {
    const any = this.pool.take(16);
    this.read([{ buffer: any, first: 0, count: 1 }]);
    this.pool.drop(any);
  }

  /**
   * Returns an array for the first `count` floats of a buffer, which the next {@link read} fills. No dispatch may write to the buffer until
   * then.
   */
  readLater(buffer: Stored, count: number): Float32Array {
    const values = new Float32Array(count);
    buffer.users++;
    this.later.push({ buffer, values });
    return values;
  }

  /** Bytes of all buffers, including free ones that wait for a tensor of their size. */
  get heldBytes(): number {
    return this.pool.used + this.pool.idle;
  }

  /** For tests: makes the device behave as if the driver had reset it. */
  lose(): void {
    this.device.lose();
  }

  /** Compiles a shader when it is first used. */
  private compile(shader: Shader): number {
    const { code, reads, writes } = shader;
    const pipeline = this.guard(() => this.device.createPipeline(code, reads, writes));
    this.pipelines.set(shader, pipeline);
    return pipeline;
  }

  private guard<T>(work: () => T, shape: Shape | null = null): T {
    try {
      return work();
    } catch (error) {
      if (isGpuFailure(error, "lost")) throw new DeviceLost(error);
      if (shape !== null && isGpuFailure(error, "outOfMemory")) throw new OutOfMemory(shape, error);
      throw error;
    }
  }
}

/** Arranges `count` workgroups in as few rows along x as allowed, of equal length. The shader gets the row length as a parameter. */
export function rowsOf(count: number): Groups {
  const rows = Math.ceil(count / mostGroups);
  return [Math.ceil(count / rows), rows, 1];
}
