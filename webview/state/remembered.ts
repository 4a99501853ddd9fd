import * as z from "zod/mini";
import { panelVersion } from "../../extension/protocol/panel";

const rememberedSchema = z.object({ version: z.literal(panelVersion), run: z.nullable(z.string()) });

/** The run that was shown before a reload, from what the page kept; null for none, and for what another version kept. */
export function rememberedRun(value: unknown): string | null {
  const result = rememberedSchema.safeParse(value);
  return result.success ? result.data.run : null;
}
