/** A buffer of the device. Several tensors can share it; the last one gives it back. */
export interface Stored {
  readonly id: number;
  readonly bytes: number;
  users: number;
}

/** Allocations after which a peak is forgotten. */
const peakWindow = 20_000;
/** What is held may exceed the recent peak of what is used by this factor, */
const mostHeld = 1.2;
/** and by these bytes, which are the difference between many small buffers. */
const spareBytes = 2 ** 20;

/**
 * Buffers that are free again serve the next tensor of their size: a training step allocates the same sizes in the same order every time, and
 * a buffer that is used again is still bound. What is free beyond a fraction of the recent peak is given back to the device, the longest
 * unused first.
 */
export class BufferPool {
  /** Bytes of the buffers that are in use. */
  used = 0;
  /** Bytes of the buffers that wait for a tensor of their size. */
  idle = 0;
  /** The most bytes of all buffers, since the beginning. */
  largestHeld = 0;
  private peak = 0;
  private peakBefore = 0;
  private taken = 0;
  /** Free buffers, those that have been free for longest first. */
  private readonly free = new Map<number, Stored>();
  /**
   * Sorted by their numbers, of which the largest is taken next: so what a step gets depends on which buffers are free when it begins, not on
   * the order in which they became free, and every step after the first binds the same buffers together.
   */
  private readonly freeBySize = new Map<number, Stored[]>();

  /** @param create makes a buffer of so many bytes and returns its number */
  constructor(private readonly create: (bytes: number) => number) {}

  /** A buffer that holds so many bytes, with one user. Its content is undefined. */
  take(bytes: number): Stored {
    const size = Math.max(16, 16 * Math.ceil(bytes / 16));
    const known = this.freeBySize.get(size)?.pop();
    if (known !== undefined) {
      this.free.delete(known.id);
      this.idle -= size;
      known.users = 1;
    }
    const buffer = known ?? { id: this.create(size), bytes: size, users: 1 };
    this.used += size;
    this.largestHeld = Math.max(this.largestHeld, this.used + this.idle);
    if (++this.taken % peakWindow === 0) [this.peakBefore, this.peak] = [this.peak, 0];
    this.peak = Math.max(this.peak, this.used);
    return buffer;
  }

  /** Takes one user away. */
  drop(buffer: Stored): void {
    if (--buffer.users > 0) return;
    this.used -= buffer.bytes;
    this.idle += buffer.bytes;
    this.free.set(buffer.id, buffer);
    const list = this.freeBySize.get(buffer.bytes);
    if (list === undefined) {
      this.freeBySize.set(buffer.bytes, [buffer]);
      return;
    }
    let at = list.length;
    while (at > 0 && list[at - 1]!.id > buffer.id) at--;
    list.splice(at, 0, buffer);
  }

  /** Whether more is held than there should be. */
  get isOverfull(): boolean {
    return this.idle > 0 && this.used + this.idle > mostHeld * Math.max(this.peak, this.peakBefore) + spareBytes;
  }

  /**
   * Removes free buffers until no more than the limit is held.
   * @param destroy gives one back to the device; nothing that is not submitted may use it
   */
  trim(destroy: (buffer: number) => void): void {
    for (const buffer of this.free.values()) {
      if (!this.isOverfull) return;
      this.remove(buffer, destroy);
    }
  }

  /** Removes all free buffers. */
  clear(destroy: (buffer: number) => void): void {
    for (const buffer of this.free.values()) this.remove(buffer, destroy);
  }

  private remove(buffer: Stored, destroy: (buffer: number) => void): void {
    this.free.delete(buffer.id);
    const list = this.freeBySize.get(buffer.bytes)!;
    list.splice(list.indexOf(buffer), 1);
    if (list.length === 0) this.freeBySize.delete(buffer.bytes);
    this.idle -= buffer.bytes;
    destroy(buffer.id);
  }
}
