import { mkdir } from "node:fs/promises";
import { availableParallelism, loadavg } from "node:os";
import { dirname } from "node:path";
import * as z from "zod/mini";
import { writeFileAtomic } from "../../files/atomic";
import { readSmallText } from "../../files/limitedRead";

/**
 * Hours after which is measured anew: drivers, power settings and what else runs on a machine change. What was measured while other
 * programs computed (`busy`) is too slow, so it is kept for a shorter time.
 */
const lifetimeHours = { idle: 7 * 24, busy: 1 };

/** Entries that are kept. A machine has a few engines, each with two numbers of threads and two kinds of data. */
const mostEntries = 32;

interface Entry<Value> {
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly measuredAt: number;
  /** Whether other programs computed meanwhile. */
  readonly wasBusy: boolean;
  readonly value: Value;
}

/** Measurements in the user's cache. They can be made again, so that a damaged or unwritable file is no error. */
export class MeasurementStore<Value> {
  private readonly schema: z.ZodMiniType<{ readonly entries: readonly Entry<Value>[] }>;

  /** @param value what is measured */
  constructor(
    private readonly file: string,
    value: z.ZodMiniType<Value>,
    private readonly now: () => number = Date.now,
  ) {
    const entry = z.object({ key: z.string(), measuredAt: z.number(), wasBusy: z.boolean(), value });
    this.schema = z.object({ format: z.literal(2), entries: z.array(entry) });
  }

  /**
   * What is known of a key, else what `measure` finds, which is kept.
   * @param key of the engine, its version, the processor and whatever else the measurement depends on
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

  /** @param wasBusy whether other programs computed meanwhile */
  async write(key: string, value: Value, wasBusy: boolean): Promise<void> {
    const others = (await this.entries()).filter((entry) => entry.key !== key);
    const entries = [{ key, measuredAt: this.now(), wasBusy, value }, ...others].slice(0, mostEntries);
    try {
      await mkdir(dirname(this.file), { recursive: true });
      await writeFileAtomic(this.file, `${JSON.stringify({ format: 2, entries })}\n`);
    } catch {
      // A read-only cache: it is measured again next time.
    }
  }

  /** Those that are not too old. */
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

/** Whether programs have kept more than half of the processors busy in the last minute. On Windows, which does not tell: no. */
function isBusy(): boolean {
  return loadavg()[0]! > availableParallelism() / 2;
}
