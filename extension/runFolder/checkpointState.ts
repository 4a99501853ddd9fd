import * as z from "zod/mini";
import { type DamageError, parseJson, requireValid, stepSchema } from "./schemas";

const count = z.int().check(z.gte(1));

const checkpointStateSchema = z.object({
  format: z.literal(1),
  step: stepSchema,
  /** The epoch that the next step belongs to, from 1. */
  epoch: count,
  /** States of the random number generators, by name. Each generator's owner defines the form of its state. */
  random: z.record(z.string().check(z.maxLength(100)), z.json()),
  more: z._default(
    z.looseObject({
      /**
       * Decaying maximum of the absolute values of the reversible core's states, from which the grid (`exactGrid.ts`) of the next step is
       * chosen, on which float32 additions are exact; null before the first step and in networks without a reversible core.
       */
      coreRange: z.optional(z.nullable(z.number())),
      /** Number of training images of each domain; the order of the images depends on it. */
      images: z.optional(z.object({ a: count, b: count })),
    }),
    {},
  ),
});

/** The content of a checkpoint's `state.json`. It contains no times and no paths, so that equal trainings give equal bytes. */
export type CheckpointState = z.infer<typeof checkpointStateSchema>;

const damaged: DamageError = { code: "checkpoint", remedy: "delete this checkpoint's folder to use an older one" };

/**
 * @param text the content of `state.json`
 * @param source its path, for messages
 * @throws RevganError `checkpoint`
 */
export function parseCheckpointState(text: string, source: string): CheckpointState {
  return requireValid(checkpointStateSchema, parseJson(text, source, damaged), source, damaged);
}

/** The text of `state.json`, with keys sorted by code unit at every level, so that equal states give equal bytes. */
export function formatCheckpointState(state: CheckpointState): string {
  return `${JSON.stringify(withSortedKeys(state), null, 2)}\n`;
}

function withSortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSortedKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, inner]) => [key, withSortedKeys(inner)]));
}
