import { type MetricsLine, type StepLine, validationLineSchema } from "../protocol/lines";

/** @returns null for what is no line of `metrics.jsonl` */
export function parseMetricsLine(text: string): MetricsLine | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return isStepLine(value) ? value : (validationLineSchema.safeParse(value).data ?? null);
}

/**
 * Whether a line can be taken into columns, where whatever is no number becomes NaN. The whole schema would take five times as long as
 * reading the file; the panel checks the one line that it shows.
 */
function isStepLine(value: unknown): value is StepLine {
  const { type, step, losses, bytes, time } = (value ?? {}) as Partial<Record<keyof StepLine, unknown>>;
  return type === "step" && isStep(step) && isObject(losses) && isObject(bytes) && typeof time === "string";
}

function isStep(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/**
 * From which steps and from which validations on a line replaces those that came before it: a step that comes again replaces itself
 * and all that came after it, as a resumed run writes it; a validation leaves the steps alone.
 */
export function replacedBy({ type, step }: MetricsLine): { readonly steps: number; readonly validations: number } {
  return { steps: type === "step" ? step : Infinity, validations: step };
}

/** Takes those from a step on away. @param ascending by step */
export function cutFrom(ascending: { readonly step: number }[], step: number): void {
  while (ascending.length > 0 && ascending.at(-1)!.step >= step) ascending.pop();
}
