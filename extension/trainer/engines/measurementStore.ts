import { mkdir } from "node:fs/promises";
import { availableParallelism, loadavg } from "node:os";
import { dirname } from "node:path";
import * as z from "zod/mini";
import { writeFileAtomic } from "../../files/atomic";
import { readSmallText } from "../../files/limitedRead";

/**
 * Hours after which a measurement is repeated, because drivers, power settings and the other programs on a machine change. A measurement
 * made while other programs computed (`busy`) is too slow, so it is kept for a shorter time.
 */
const lifetimeHours = { idle: 7 * 24, busy: 1 };

/** The most entries of a file. A machine has a few engines, each with two numbers of threads and two kinds of data. */
const mostEntries = 32;

interface Entry<Value> {
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly measuredAt: number;
  /** Whether other programs computed during the measurement. */
  readonly wasBusy: boolean;
  readonly value: Value;
}

/** Measurements in a file of the user's cache. A damaged or unwritable file is no error, because the measurements can be repeated. */
export class MeasurementStore<Value> {
  private readonly schema: z.ZodMiniType<{ readonly entries: readonly Entry<Value>[] }>;

  /** @param value the schema of a measurement */
  constructor(
    private readonly file: string,
    value: z.ZodMiniType<Value>,
    private readonly now: () => number = Date.now,
  ) {
    const entry = z.object({ key: z.string(), measuredAt: z.number(), wasBusy: z.boolean(), value });
    this.schema = z.object({ format: z.literal(2), entries: z.array(entry) });
  }

  /**
   * The value that is stored for a key; without one, the result of `measure`, which is then stored.
   * @param key identifies the engine, its version, the processor and whatever else the measurement depends on
   */
  async remembered(key: string, measure: () => Promise<Value>): Promise<Value> {
    const known = await this.read(key);
    if (known !== undefined) return known;
    const wasBusy = isBusy();
    const value = await measure();
    await this.write(key, value, wasBusy);
    return value;
  }

  async read(key: string): Promise<Value | undefined> {
    return (await this.entries()).find((entry) => entry.key === key)?.value;
  }

  /** @param wasBusy whether other programs computed during the measurement */
  async write(key: string, value: Value, wasBusy: boolean): Promise<void> {
    const others = (await this.entries()).filter((entry) => entry.key !== key);
    const entries = [{ key, measuredAt: this.now(), wasBusy, value }, ...others].slice(0, mostEntries);
    try {
      await mkdir(dirname(this.file), { recursive: true });
      await writeFileAtomic(this.file, `${JSON.stringify({ format: 2, entries })}\n`);
    } catch {
      // The cache is read-only: the measurement is repeated next time.
    }
  }

  /** The stored entries that are not too old. */
  private async entries(): Promise<readonly Entry<Value>[]> {
    try {
      const { entries } = this.schema.parse(JSON.parse(await readSmallText(this.file)));
      return entries.filter(({ measuredAt, wasBusy }) => {
        const hours = wasBusy ? lifetimeHours.busy : lifetimeHours.idle;
        return this.now() - measuredAt < hours * 3_600_000;
      });
    } catch {
      return [];
    }
  }
}

/** Whether programs have kept more than half of the processors busy in the last minute. On Windows false, because it reports no load. */
function isBusy(): boolean {
  return loadavg()[0]! > availableParallelism() / 2;
}
