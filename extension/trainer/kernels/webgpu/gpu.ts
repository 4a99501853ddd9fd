import { DeviceLost } from "../deviceLost";
import { OutOfMemory } from "../outOfMemory";
import type { Shape } from "../tensor";
import { type Adapter, type AddonDevice, isGpuFailure, type WebGpuAddon } from "./addon";
import { BufferPool, type Stored } from "./bufferPool";
import { type Shader, threadsOfEach } from "./shaders/shader";

/** Workgroups along x, y and z. */
export type Groups = readonly [number, number, number];

/** Numbers of the array that dispatches are written to. */
const commandNumbers = 32 * 1024;
/** Dispatches that are submitted together: few enough that the device starts early, and no more than the addon takes. */
const dispatchesABatch = 128;
/** Workgroups along an axis, at most; what WebGPU promises. */
export const mostGroups = 65_535;

/** A device with its buffers and pipelines. Dispatches are collected and run in batches, in their order. */
export class Gpu {
  readonly pool = new BufferPool((bytes) => this.guard(() => this.device.createBuffer(bytes)));
  /**
   * Products of numbers after which a batch ends, and that a dispatch computes at most: systems reset a driver whose GPU works on one for
   * about two seconds. A slow GPU of 100 GFLOP/s takes 0.4 s for as many.
   */
  readonly mostWork = 2e10;
  /** What was done since the device was opened. */
  readonly counts = { dispatches: 0, submits: 0, reads: 0 };
  private readonly commands = new Uint32Array(commandNumbers);
  private readonly device: AddonDevice;
  private readonly pipelines = new Map<Shader, number>();
  /** What {@link readLater} was asked for; their buffers have another user until then. */
  private readonly later: { readonly buffer: Stored; readonly values: Float32Array }[] = [];
  private length = 0;
  private pending = 0;
  private work = 0;

  /** @param index of the adapter among those that the addon lists */
  constructor(
    addon: WebGpuAddon,
    index: number,
    readonly adapter: Adapter,
  ) {
    this.device = new addon.Device(index, this.commands);
  }

  /**
   * A buffer for a tensor of this shape.
   * @throws OutOfMemory also when no shader could see all of it
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
      // What waits in the pool may be enough.
      this.flush();
      this.pool.clear((buffer) => this.device.destroyBuffer(buffer));
      return this.guard(() => this.pool.take(bytes), shape);
    }
  }

  /**
   * Adds a dispatch.
   * @param buffers those that the shader reads, then those that it writes
   * @param parameters at most 32, as unsigned integers
   * @param work products of numbers, where they are many
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

  /** Submits what was collected. */
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

  /** Waits until all that was submitted is computed. */
  finish(): void {
    const any = this.pool.take(16);
    this.read([{ buffer: any, first: 0, count: 1 }]);
    this.pool.drop(any);
  }

  /** The first numbers of a buffer, which are copied with the next {@link read}. Nothing may write to it until then. */
  readLater(buffer: Stored, count: number): Float32Array {
    const values = new Float32Array(count);
    buffer.users++;
    this.later.push({ buffer, values });
    return values;
  }

  /** Bytes of all buffers, also of those that wait for a tensor of their size. */
  get heldBytes(): number {
    return this.pool.used + this.pool.idle;
  }

  /** As if the driver had reset the device. */
  lose(): void {
    this.device.lose();
  }

  /** Compiles before it is needed. */
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

/** Workgroups for so many, laid out in rows as even as they can be: a shader gets the length of a row as its parameter. */
export function rowsOf(count: number): Groups {
  const rows = Math.ceil(count / mostGroups);
  return [Math.ceil(count / rows), rows, 1];
}
