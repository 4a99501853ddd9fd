import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Line, type MetricsLine, parseLine } from "../../protocol/lines";

/** The lines of one type in a run's `metrics.jsonl`, in their order. A line that is torn, because the run is under way, is passed over. */
export async function metricsLines<T extends MetricsLine["type"]>(run: string, type: T): Promise<Extract<MetricsLine, { type: T }>[]> {
  const text = await readFile(join(run, "metrics.jsonl"), "utf8").catch(() => "");
  // Others need not be read: checking them takes longer than reading the file.
  const candidates = text.split("\n").filter((line) => line.includes(`"type":"${type}"`));
  return candidates.map(lineOf).filter((line): line is Extract<MetricsLine, { type: T }> => line?.type === type);
}

function lineOf(text: string): Line | null {
  try {
    return parseLine(text);
  } catch {
    return null;
  }
}
