import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { directionsOf } from "../../configuration/networkKind";
import { directions } from "../../protocol/lines";
import { type Domain, middleSlice, sampleName, type SampleKind, type SampleName } from "../../protocol/runFileNames";
import { stepFolder } from "../../runFolder/paths";
import { markup, type Markup } from "./markup";
import { type Pictures, strip } from "./pictures";
import type { ReportedRun } from "./reportedRun";
import { sampleIndices } from "./sections/samples";
import { countText, directionText, kindText } from "./texts";

/** The most pictures of each domain that are shown. */
const mostPictures = 2;

/** Pictures that several runs translated, at the latest sampled step of each; null where no two runs have the same picture. */
export async function sameSamples(runs: readonly ReportedRun[], pictures: Pictures): Promise<Markup | null> {
  const parts: Markup[] = [];
  for (const direction of directions) {
    const able = runs.filter(
      ({ run, samples }) => directionsOf(run.config.network).includes(direction) && samples.steps.length > 0,
    );
    const [first] = able;
    if (first === undefined) continue;
    const domain = direction === "AtoB" ? "a" : "b";
    const strips: Markup[] = [];
    for (const index of sampleIndices(first, domain).slice(0, mostPictures)) {
      const same = await withSameInput(able, domain, index);
      if (same.length > 1) strips.push(await samePicture(same, domain, index, pictures));
    }
    if (strips.length > 0) parts.push(markup`<h4>${directionText(direction, first.names)}</h4>${strips}`);
  }
  return parts.length === 0 ? null : markup`<h3>The same pictures</h3>${parts}`;
}

async function samePicture(
  runs: readonly ReportedRun[],
  domain: Domain,
  index: number,
  pictures: Pictures,
): Promise<Markup> {
  const show = (reported: ReportedRun, kind: SampleKind, caption: string): Promise<Markup | null> =>
    pictures.sample(reported.folder, latestStep(reported), nameOf(domain, kind, index), caption);
  const [first] = runs as [ReportedRun];
  return strip([
    await show(first, "input", kindText("input", domain, first.names)),
    ...(await Promise.all(
      runs.map((each) => show(each, "translated", `${each.name}, step ${countText(latestStep(each))}`)),
    )),
    await show(first, "truth", kindText("truth", domain, first.names)),
  ]);
}

/** The runs whose input picture equals that of the first run, byte for byte. */
async function withSameInput(runs: readonly ReportedRun[], domain: Domain, index: number): Promise<ReportedRun[]> {
  const name = sampleName(nameOf(domain, "input", index));
  const hashes = await Promise.all(
    runs.map((each) => hashOf(join(stepFolder(each.folder, "samples", latestStep(each)), name))),
  );
  return runs.filter((_, i) => hashes[i] !== null && hashes[i] === hashes[0]);
}

function latestStep({ samples }: ReportedRun): number {
  return samples.steps.at(-1)!;
}

function nameOf(domain: Domain, kind: SampleKind, index: number): SampleName {
  return { domain, kind, index, slice: middleSlice };
}

async function hashOf(file: string): Promise<string | null> {
  const bytes = await readFile(file).catch(() => null);
  return bytes === null ? null : createHash("sha256").update(bytes).digest("hex");
}
