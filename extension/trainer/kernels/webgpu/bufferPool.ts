/** A buffer of the device. Several tensors can share it; `users` counts them, and the last one returns the buffer to the pool. */
export interface Stored {
  readonly id: number;
  readonly bytes: number;
  users: number;
}

/** Number of allocations over which a peak is taken. The limit uses the peaks of the current and the previous such period. */
const peakWindow = 20_000;
/** The pool may hold this many times the recent peak of the bytes in use, plus `spareBytes`. */
const mostHeld = 1.2;
/** Bytes that the pool may hold beyond `mostHeld` times the recent peak. They matter where all buffers are small. */
const spareBytes = 2 ** 20;

/**
 * Keeps buffers that are free again for the next tensor of their size: every training step allocates the same sizes in the same order, and
 * a reused buffer's binding can be reused, too. If free buffers exceed a fraction of the recent peak, they are given back to the device,
 * the longest unused first.
 */
export class BufferPool {
  /** Bytes of the buffers that are in use. */
  used = 0;
  /** Bytes of the buffers that wait for a tensor of their size. */
  idle = 0;
  /** The most bytes of all buffers, used and idle, since the pool was created. */
  largestHeld = 0;
  private peak = 0;
  private peakBefore = 0;
  private taken = 0;
  /** Free buffers by number, in the order in which they became free. */
  private readonly free = new Map<number, Stored>();
  /**
   * Free buffers by size, sorted by their numbers; the largest number is taken next. So the buffers that a step gets depend on which ones
   * are free when it begins, not on the order in which they became free, and every step after the first binds the same buffers together.
   */
  private readonly freeBySize = new Map<number, Stored[]>();

  /** @param create creates a buffer of this many bytes and returns its number */
  constructor(private readonly create: (bytes: number) => number) {}

  /** Returns a buffer of at least this many bytes, with one user. Its content is undefined. */
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

  /** Removes one user of a buffer; without users it is free. */
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

  /** Whether the pool holds more bytes than its limit, and some of them are free. */
  get isOverfull(): boolean {
    return this.idle > 0 && this.used + this.idle > mostHeld * Math.max(this.peak, this.peakBefore) + spareBytes;
  }

  /**
   * Removes free buffers until the pool holds no more than its limit.
   * @param destroy gives a buffer back to the device; dispatches that are not submitted yet must not use it
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
