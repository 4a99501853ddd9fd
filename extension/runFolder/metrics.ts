import type { MetricsLine, StepLine, ValidationLine } from "../protocol/lines";
import { StepColumns } from "../protocol/stepColumns";
import { cutFrom, replacedBy } from "./metricsLine";
import { MetricsReader } from "./metricsReader";

/** The contents of `metrics.jsonl`: every step once, in columns, and the validations, both in ascending order. */
export class Metrics {
  readonly steps = new StepColumns();
  readonly validations: ValidationLine[] = [];
  lastStepLine: StepLine | null = null;

  add(line: MetricsLine): void {
    const from = replacedBy(line);
    this.steps.cutAfter(from.steps - 1);
    cutFrom(this.validations, from.validations);
    if (line.type === "validation") this.validations.push(line);
    else {
      this.steps.append(line);
      this.lastStepLine = line;
    }
  }

  protected clear(): void {
    this.steps.truncate(0);
    this.validations.length = 0;
    this.lastStepLine = null;
  }
}

/**
 * Reads a run's metrics, also while another process trains it. Empty for a run without steps.
 *
 * @param warn called once, with a sentence about all damaged lines, if there are any
 * @throws RevganError `run` when the file cannot be read
 */
export async function readMetrics(run: string, warn: (text: string) => void): Promise<Metrics> {
  const [reader, metrics] = [new MetricsReader(run), new Metrics()];
  for await (const { lines } of reader.read()) for (const { line } of lines) metrics.add(line);
  if (reader.damage !== null) warn(reader.damage);
  return metrics;
}
