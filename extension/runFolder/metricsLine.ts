import { type MetricsLine, type StepLine, validationLineSchema } from "../protocol/lines";

/** @returns null if the text is no line of `metrics.jsonl` */
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
 * Whether a line has what the columns need; other values that are no numbers become NaN. Parsing by the whole schema would take five
 * times as long as reading the file; the panel checks the one line that it shows.
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
 * The first step and the first validation that a line replaces. A resumed run repeats steps: a repeated step replaces the earlier one
 * and everything after it; a validation replaces no steps.
 */
export function replacedBy({ type, step }: MetricsLine): { readonly steps: number; readonly validations: number } {
  return { steps: type === "step" ? step : Infinity, validations: step };
}

/** Removes the lines from a step on. @param ascending by step */
export function cutFrom(ascending: { readonly step: number }[], step: number): void {
  while (ascending.length > 0 && ascending.at(-1)!.step >= step) ascending.pop();
}
