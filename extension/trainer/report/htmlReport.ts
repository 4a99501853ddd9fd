import { createHash } from "node:crypto";
import { version } from "../version";
import { comparison } from "./comparison";
import { markup, Markup } from "./markup";
import type { Pictures } from "./pictures";
import type { ReportedRun } from "./reportedRun";
import { curvesSection } from "./sections/curves";
import { memorySection } from "./sections/memory";
import { overview } from "./sections/overview";
import { qualitySection } from "./sections/quality";
import { samplesSection } from "./sections/samples";
import { againSection, configurationSection, dataSection, environmentSection } from "./sections/setup";
import { style } from "./style";

/** The most worst cases that are shown of each evaluation: in a report on one run, and for each run in a report on several. */
const [casesOfOne, casesOfEach] = [6, 2];

/**
 * A report on one run, or on several side by side, as one HTML file. It loads nothing and runs no script. Its content policy forbids both,
 * so that a browser would refuse them even where a run's name brought them in.
 */
export async function htmlReport(runs: readonly ReportedRun[], pictures: Pictures, now: Date): Promise<string> {
  const [first] = runs;
  const isOne = runs.length === 1 && first !== undefined;
  const title = isOne ? first.name : `${runs.length} runs`;
  const parts: Markup[] = [];
  for (const run of runs) {
    parts.push(markup`<article>${await sectionsOf(run, pictures, isOne)}</article>`);
  }
  const body = isOne ? parts : [markup`<h1>${title}</h1>`, await comparison(runs, pictures), ...parts];
  // The policy allows the style sheet only by its hash.
  const hash = createHash("sha256").update(style).digest("base64");
  const policy = `default-src 'none'; img-src data:; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  const foot = `Written by RevGAN ${version} on ${now.toISOString().slice(0, 10)}.`;
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${title} – RevGAN</title>
        <style>${new Markup(style)}</style>
      </head>
      <body>
        <main>
          ${body}
          <footer>${foot}</footer>
        </main>
      </body>
    </html>
`.text;
}

/** All sections of a run, the most telling ones (the pictures) first. */
async function sectionsOf(run: ReportedRun, pictures: Pictures, isAlone: boolean): Promise<Markup> {
  return markup`${overview(run, isAlone)} ${await samplesSection(run, pictures)} ${await qualitySection(run, pictures, isAlone ? casesOfOne : casesOfEach)}
  ${curvesSection(run)} ${memorySection(run)} ${dataSection(run)} ${configurationSection(run)}
  ${environmentSection(run)} ${againSection(run)}`;
}
