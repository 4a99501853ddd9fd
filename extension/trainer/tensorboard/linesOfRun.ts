import type { MetricsLine, SampleLine } from "../../protocol/lines";
import { readKeptLines } from "../../runFolder/keptLines";
import { stepFolder } from "../../runFolder/paths";
import { readSamples } from "../../runFolder/samples";

/**
 * A run's lines in the order in which its training wrote them: after a step its samples, then its validation. Samples after the last step
 * were made before the run was resumed, and are left out.
 *
 * @throws RevganError `run` when the metrics cannot be read
 */
export async function* linesOfRun(
  run: string,
  warn: (text: string) => void,
): AsyncGenerator<MetricsLine | SampleLine, void, void> {
  const { steps } = await readSamples(run);
  let [next, last] = [0, 0];
  function* samplesBefore(step: number): Generator<SampleLine, void, void> {
    for (; steps[next] !== undefined && steps[next]! < step; next++)
      yield { type: "sample", step: steps[next]!, path: stepFolder(run, "samples", steps[next]!) };
  }
  for await (const line of readKeptLines(run, warn)) {
    yield* samplesBefore(line.type === "step" ? line.step : line.step + 1);
    yield line;
    last = line.step;
  }
  yield* samplesBefore(last + 1);
}
