import { type MetricsLine, type StepLine, validationLineSchema } from "../protocol/lines";

/** Parses a line of `metrics.jsonl`; null if the text is no valid line. */
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
 * Whether a line has the fields that `StepColumns` needs; values in it that are no numbers become NaN there. Checking every line by the
 * whole schema would take five times as long as reading the file. The panel checks by the schema the one line that it shows.
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
 * The steps from which on a new line replaces earlier step lines and validation lines. A resumed run repeats steps: a repeated step
 * replaces its earlier line and all lines after that; a validation replaces validations only.
 */
export function replacedBy({ type, step }: MetricsLine): { readonly steps: number; readonly validations: number } {
  return { steps: type === "step" ? step : Infinity, validations: step };
}

/** Removes the lines of step `step` and later ones. @param ascending the lines, ascending by step; changed in place */
export function cutFrom(ascending: { readonly step: number }[], step: number): void {
  while (ascending.length > 0 && ascending.at(-1)!.step >= step) ascending.pop();
}
