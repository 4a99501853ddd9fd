import { readdir } from "node:fs/promises";
import { parseFigures, type SampleFigures, type RunSamples } from "../protocol/panel";
import { samplePattern, parseStepName } from "../protocol/runFileNames";
import { writeFileAtomic } from "../files/atomic";
import { readSmallText } from "../files/limitedRead";
import { pathIn, stepFolder } from "./paths";

/** A run's sample pictures on disk; other files and folders are ignored. */
export async function readSamples(run: string): Promise<Omit<RunSamples, "base">> {
  const entries = await readdir(pathIn(run, "samples"), { withFileTypes: true }).catch(() => []);
  const steps = entries
    .map((entry) => (entry.isDirectory() ? parseStepName(entry.name) : null))
    .filter((step) => step !== null)
    .sort((a, b) => a - b);
  const latest = steps.at(-1);
  if (latest === undefined) return { steps, pictures: [] };
  const names = await readdir(stepFolder(run, "samples", latest)).catch(() => []);
  return { steps, pictures: names.filter((name) => samplePattern.test(name)).sort() };
}

/** The quality figures of a step's pictures; empty if there are none. */
export async function readFigures(run: string, step: number): Promise<SampleFigures> {
  const text = await readSmallText(figuresFile(run, step)).catch(() => "{}");
  try {
    return parseFigures(JSON.parse(text));
  } catch {
    return {};
  }
}

/** Writes the quality figures of a step's pictures. @throws RevganError `disk` */
export async function writeFigures(run: string, step: number, figures: SampleFigures): Promise<void> {
  await writeFileAtomic(figuresFile(run, step), `${JSON.stringify(figures)}\n`, { run });
}

function figuresFile(run: string, step: number): string {
  return `${stepFolder(run, "samples", step)}.json`;
}
