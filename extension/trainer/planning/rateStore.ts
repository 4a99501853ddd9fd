import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import * as z from "zod/mini";
import { writeFileAtomic } from "../../files/atomic";
import { readSmallText } from "../../files/limitedRead";
import { workKinds } from "../kernels/work";
import type { Rates } from "./rates";

/**
 * Hours after which rates are measured anew: drivers, power settings and what else runs on a machine change. Rates measured while other
 * programs computed (`busy`) are too slow, so they are kept for a shorter time.
 */
const lifetimeHours = { idle: 7 * 24, busy: 1 };

/** Entries that are kept. A machine has a few engines, each with two numbers of threads and two kinds of data. */
const mostEntries = 32;

const positive = z.number().check(z.gt(0));
const ratePointsSchema = z.array(z.tuple([positive, positive])).check(z.minLength(1));
const entrySchema = z.object({
  key: z.string(),
  /** Milliseconds since 1970. */
  measuredAt: z.number(),
  /** Whether other programs computed meanwhile. */
  wasBusy: z.boolean(),
  rates: z.object({
    convolutionCall: positive,
    points: z.record(z.enum(workKinds), ratePointsSchema),
    inStep: ratePointsSchema,
    idleBytes: positive,
    startSeconds: positive,
  }),
});
const fileSchema = z.object({ format: z.literal(1), entries: z.array(entrySchema) });
type Entry = z.infer<typeof entrySchema>;

/** Measured rates in the user's cache. They can be measured again, so that a damaged or unwritable file is no error. */
export class RateStore {
  constructor(
    private readonly file: string,
    private readonly now: () => number = Date.now,
  ) {}

  /** @param key of the engine, its version, the processor and whatever else rates depend on */
  async read(key: string): Promise<Rates | undefined> {
    return (await this.entries()).find((entry) => entry.key === key)?.rates;
  }

  /** @param wasBusy whether other programs computed while they were measured */
  async write(key: string, rates: Rates, wasBusy: boolean): Promise<void> {
    const others = (await this.entries()).filter((entry) => entry.key !== key);
    const entries = [{ key, measuredAt: this.now(), wasBusy, rates }, ...others].slice(0, mostEntries);
    try {
      await mkdir(dirname(this.file), { recursive: true });
      await writeFileAtomic(this.file, `${JSON.stringify({ format: 1, entries })}\n`);
    } catch {
      // A read-only cache: they are measured again next time.
    }
  }

  /** Those that are not too old. */
  private async entries(): Promise<readonly Entry[]> {
    try {
      const { entries } = fileSchema.parse(JSON.parse(await readSmallText(this.file)));
      return entries.filter(({ measuredAt, wasBusy }) => {
        const hours = wasBusy ? lifetimeHours.busy : lifetimeHours.idle;
        return this.now() - measuredAt < hours * 3_600_000;
      });
    } catch {
      return [];
    }
  }
}
