import { beforeEach, describe, expect, it } from "vitest";
import { BufferPool, type Stored } from "../../../../extension/trainer/kernels/webgpu/bufferPool";

const MiB = 2 ** 20;

describe("a pool of buffers", () => {
  let pool: BufferPool;
  let live: Set<number>;
  const destroy = (id: number): void => void live.delete(id);
  beforeEach(() => {
    live = new Set();
    let next = 0;
    pool = new BufferPool(() => {
      live.add(next);
      return next++;
    });
  });

  it("gives a buffer to the next tensor of its size, in whole vec4s", () => {
    const a = pool.take(20);
    expect(a.bytes).toBe(32);
    pool.drop(a);
    expect(pool.take(30).id).toBe(a.id);
    expect(pool.take(30).id).not.toBe(a.id);
    expect(pool.take(0).bytes).toBe(16);
  });

  it("keeps a buffer until its last user is gone", () => {
    const a = pool.take(16);
    a.users++;
    pool.drop(a);
    expect(pool).toMatchObject({ used: 16, idle: 0 });
    pool.drop(a);
    expect(pool).toMatchObject({ used: 0, idle: 16 });
  });

  it("gives the same buffers again, in whatever order they became free", () => {
    const taken = Array.from({ length: 4 }, () => pool.take(64));
    const ids = (): number[] => Array.from({ length: 4 }, () => pool.take(64).id);
    for (const i of [2, 0, 3, 1]) pool.drop(taken[i]!);
    const first = ids();
    for (const i of [0, 1, 2, 3]) pool.drop({ ...taken[i]!, users: 1 });
    expect(ids()).toEqual(first);
  });

  it("gives back what is more than a fifth above the recent peak, the longest unused first", () => {
    const small = Array.from({ length: 10 }, () => pool.take(4 * MiB));
    for (const each of small) pool.drop(each);
    expect(pool.isOverfull).toBe(false);
    // Other sizes: what was free does not serve them.
    const large: Stored[] = Array.from({ length: 4 }, () => pool.take(10 * MiB));
    expect(pool.isOverfull).toBe(true);
    pool.trim(destroy);
    expect(pool.isOverfull).toBe(false);
    expect(pool.used + pool.idle).toBeLessThanOrEqual(1.2 * 40 * MiB + MiB);
    expect([...live].filter((id) => id < 10)).toEqual([8, 9]);
    for (const each of large) pool.drop(each);
    pool.clear(destroy);
    expect([live.size, pool.used, pool.idle]).toEqual([0, 0, 0]);
  });

  it("forgets a peak that is long gone", () => {
    pool.drop(pool.take(100 * MiB));
    for (let i = 0; i < 50_000; i++) pool.drop(pool.take(MiB));
    pool.trim(destroy);
    expect(pool.used + pool.idle).toBe(MiB);
    expect(pool.largestHeld).toBe(101 * MiB);
  });
});
