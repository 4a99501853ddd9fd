import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { metricsOf, ofType } from "../commandLine";

/** Every value in a run's `metrics.jsonl`, rounded to float32, as pairs of step and value, ascending, by TensorBoard's tag. */
export function expectedScalars(run: string): Record<string, [number, number][]> {
  const found: Record<string, [number, number][]> = {};
  const add = (tag: string, step: number, value: number): void => {
    (found[tag] ??= []).push([step, Math.fround(value)]);
  };
  const addAll = (group: string, step: number, values: Readonly<Record<string, number | null | undefined>>): void => {
    for (const [name, value] of Object.entries(values)) if (value != null) add(`${group}/${name}`, step, value);
  };
  const lines = metricsOf(run);
  for (const { step, losses, epoch, seconds, learningRate, bytes, residentBytes } of ofType(lines, "step")) {
    addAll("loss", step, losses);
    addAll("training", step, { epoch, learningRate, secondsPerStep: seconds });
    const { live, peak, largestActivations } = bytes;
    addAll("memory", step, { live, peak, largestActivations, resident: residentBytes });
    addAll("memoryAtPeak", step, bytes.peakByPart);
  }
  for (const { step, metrics } of ofType(lines, "validation"))
    for (const [direction, figures] of Object.entries(metrics)) addAll(`validation/${direction}`, step, figures);
  return found;
}

/** Every sample picture of a run, as pairs of step and SHA-256, ascending, by file name. */
export function expectedPictures(run: string): Record<string, [number, string][]> {
  const found: Record<string, [number, string][]> = {};
  const folder = join(run, "samples");
  for (const step of readdirSync(folder)
    .filter((name) => /^\d+$/.test(name))
    .sort())
    for (const name of readdirSync(join(folder, step)))
      (found[name] ??= []).push([Number(step), sha256(readFileSync(join(folder, step, name)))]);
  return found;
}

/** The file name of the sample that a tag shows: `a-translated-0.png` for `AtoB/0/translated`. */
export function pictureOf(tag: string): string {
  const [direction, index, kind] = tag.split("/") as [string, string, string];
  const [what, slice] = kind.split(".") as [string, string | undefined];
  return `${direction === "AtoB" ? "a" : "b"}-${what}-${index}${slice === undefined ? "" : `.${slice}`}.png`;
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
