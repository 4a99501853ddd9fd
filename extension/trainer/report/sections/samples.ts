import { directionsOf } from "../../../configuration/networkKind";
import { middleSlice, parseSampleName, type Domain, type SampleKind } from "../../../protocol/runFileNames";
import { markup, type Markup } from "../markup";
import { type Pictures, strip } from "../pictures";
import type { ReportedRun } from "../reportedRun";
import { countText, directionText, kindText } from "../texts";

/** The most steps whose translations are shown, and the most pictures of each domain. */
const [mostSteps, mostPictures] = [5, 2];

/** The section with samples: the same pictures, translated at several steps. */
export async function samplesSection(reported: ReportedRun, pictures: Pictures): Promise<Markup | null> {
  const { folder, samples, names, run } = reported;
  const steps = chosenSteps(samples.steps);
  const last = steps.at(-1);
  if (last === undefined) return null;
  const parts: Markup[] = [];
  for (const direction of directionsOf(run.config.network)) {
    const domain = direction === "AtoB" ? "a" : "b";
    const rows: Markup[] = [];
    for (const index of sampleIndices(reported, domain).slice(0, mostPictures)) {
      const show = (step: number, kind: SampleKind, caption: string): Promise<Markup | null> =>
        pictures.sample(folder, step, { domain, kind, index, slice: middleSlice }, caption);
      rows.push(
        strip([
          await show(last, "input", kindText("input", domain, names)),
          ...(await Promise.all(steps.map((step) => show(step, "translated", `step ${countText(step)}`)))),
          await show(last, "truth", kindText("truth", domain, names)),
          await show(last, "cycled", kindText("cycled", domain, names)),
        ]),
      );
    }
    if (rows.length > 0)
      parts.push(
        markup`<h4>${directionText(direction, names)}</h4>
          ${rows}`,
      );
  }
  if (parts.length === 0) return null;
  const what = run.config.network.dimensions === 3 ? "Volumes, as three slices through their middle." : null;
  return markup`<section>
    <h3>Samples</h3>
    ${what === null ? null : markup`<p class="note">${what}</p>`}${parts}
  </section>`;
}

/** The indices of a domain's pictures in the latest sample. */
export function sampleIndices({ samples }: ReportedRun, domain: Domain): number[] {
  const found = samples.pictures.flatMap((name) => parseSampleName(name) ?? []);
  return [...new Set(found.filter((each) => each.domain === domain).map(({ index }) => index))].sort((a, b) => a - b);
}

/** The first step, the last, and some between at equal ratios, because most changes happen at the beginning. */
function chosenSteps(steps: readonly number[]): number[] {
  if (steps.length <= mostSteps) return [...steps];
  const places = Array.from({ length: mostSteps }, (_, i) => Math.round(steps.length ** (i / (mostSteps - 1))) - 1);
  return [...new Set(places)].map((place) => steps[place]!);
}
