/** A step in the name of a folder: with six digits or more. */
export function stepName(step: number): string {
  return String(step).padStart(6, "0");
}

/** The step that a name is of; null for names of anything else, also for one with more zeros than `stepName` writes. */
export function parseStepName(name: string): number | null {
  const step = /^\d{6,15}$/.test(name) ? Number(name) : NaN;
  return stepName(step) === name ? step : null;
}
