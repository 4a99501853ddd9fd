import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readSmallText } from "../disk/limitedRead";
import { parseFigures, type SampleFigures, type Samples } from "../protocol/panel";
import { samplePattern } from "../protocol/sampleName";

/** A run's samples as they lie on disk. @param base the address of its `samples` folder for a webview, with a slash at its end */
export async function readSamples(run: string, base: string): Promise<Samples> {
  const folder = join(run, "samples");
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const steps = entries
    .filter((entry) => entry.isDirectory() && isStep(entry.name))
    .map(({ name }) => Number(name))
    .sort((a, b) => a - b);
  const latest = steps.at(-1);
  const pictures =
    latest === undefined
      ? []
      : (await readdir(sampleFolder(run, latest)).catch(() => [])).filter((name) => samplePattern.test(name)).sort();
  return { base, steps, pictures };
}

/** The folder of a step's pictures. */
export function sampleFolder(run: string, step: number): string {
  return join(run, "samples", stepName(step));
}

function stepName(step: number): string {
  return String(step).padStart(6, "0");
}

/** Other folders and files may lie beside ours. */
function isStep(name: string): boolean {
  return /^\d{6,15}$/.test(name) && stepName(Number(name)) === name;
}

/** What the trainer noted of a step's pictures; empty where there is nothing. */
export async function readFigures(run: string, step: number): Promise<SampleFigures> {
  const text = await readSmallText(`${sampleFolder(run, step)}.json`).catch(() => "{}");
  try {
    return parseFigures(JSON.parse(text));
  } catch {
    return {};
  }
}
