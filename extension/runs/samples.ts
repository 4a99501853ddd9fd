import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseFigures, type SampleFigures, type Samples } from "../protocol/panel";

const stepFolder = /^\d{6,}$/;
const picture = /^[ab]-(input|translated|cycled|truth)-\d{1,4}\.png$/;

/** A run's samples as they lie on disk. @param base the address of its `samples` folder for a webview, with a slash at its end */
export async function readSamples(run: string, base: string): Promise<Samples> {
  const folder = join(run, "samples");
  const names = (await readdir(folder).catch(() => [])).filter((name) => stepFolder.test(name));
  const steps = names.map(Number).sort((a, b) => a - b);
  const latest = steps.at(-1);
  const pictures = latest === undefined ? [] : (await readdir(sampleFolder(run, latest)).catch(() => [])).filter((name) => picture.test(name)).sort();
  return { base, steps, pictures };
}

/** The folder of a step's pictures. */
export function sampleFolder(run: string, step: number): string {
  return join(run, "samples", String(step).padStart(6, "0"));
}

/** What the trainer noted beside a step's pictures; empty where there is nothing. */
export async function readFigures(run: string, step: number): Promise<SampleFigures> {
  const text = await readFile(join(sampleFolder(run, step), "figures.json"), "utf8").catch(() => "{}");
  try {
    return parseFigures(JSON.parse(text));
  } catch {
    return {};
  }
}
