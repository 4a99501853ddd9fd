import { assignmentsOf } from "../../../configuration/assignments";
import { withoutDefaults } from "../../../configuration/withoutDefaults";
import { commandsOf, publicConfig } from "../reproduction";
import { markup, type Markup } from "../markup";
import type { ReportedRun } from "../reportedRun";
import { countText, stepSecondsText, timeText } from "../texts";

/** The section about the data: folders' names, counts, sizes, and origins. */
export function dataSection({ data, names }: ReportedRun): Markup {
  const { folders, counts, sides, leftOut, origins } = data;
  const rows = counts.map(
    ({ split, a, b }) =>
      markup`<tr>
        <th scope="row">${split}</th>
        <td>${countText(a)}</td>
        <td>${countText(b)}</td>
      </tr>`,
  );
  const table =
    rows.length === 0
      ? null
      : markup`<table class="narrow">
          <caption>
            Files
          </caption>
          <thead>
            <tr>
              <th scope="col">Part</th>
              <th scope="col">${names.a}</th>
              <th scope="col">${names.b}</th>
            </tr>
          </thead>
          <tbody>
            ${rows}
          </tbody>
        </table>`;
  const facts = [
    folders.length === 0 ? "No data folder is named." : `Folder: ${folders.join(" and ")}.`,
    ...(sides === null ? ["The data were not there when this was written."] : [sizesText(sides)]),
    ...(leftOut === 0 ? [] : [`${countText(leftOut)} files could not be used.`]),
  ];
  const told = origins.map(
    ({ file, text }) =>
      markup`<details>
        <summary>${file}</summary>
        <pre>${text}</pre>
      </details>`,
  );
  return markup`<section>
    <h3>Data</h3>
    <p>${facts.join(" ")}</p>
    ${table}${told}
  </section>`;
}

function sizesText({ smallest, largest }: NonNullable<ReportedRun["data"]["sides"]>): string {
  const text = (sides: readonly number[]): string => [...sides].reverse().join(" × ");
  const [least, most] = [text(smallest), text(largest)];
  return least === most
    ? `Size of the files looked at: ${least}.`
    : `Sizes of the files looked at: ${least} to ${most}.`;
}

/** The settings that differ from the defaults, and all settings in a folded list. */
export function configurationSection({ run, line }: ReportedRun): Markup {
  const all = assignmentsOf(publicConfig(run.config));
  const list = (settings: typeof all): Markup =>
    pairList(settings.map(({ key, value }) => [key, typeof value === "string" ? value : JSON.stringify(value)]));
  return markup`<section>
    <h3>Configuration</h3>
    <p class="note">What it was told; everything else has its default.</p>
    ${list(all.filter(({ key }) => line.written?.includes(key)))}
    <details>
      <summary>Every key</summary>
      ${list(all)}
    </details>
  </section>`;
}

/** The section with versions, engine, device and times. */
export function environmentSection({ run, line }: ReportedRun): Markup {
  const { engine, versions, seed, convolution, ranks, createdAt, updatedAt } = run;
  const facts: [string, string | null | undefined][] = [
    ["Engine", engine && `${engine.name}, ${engine.version ?? "of an unknown version"}`],
    ["Device", engine?.device],
    ["Convolutions", convolution],
    ["Processes", ranks && countText(ranks.length)],
    ["RevGAN", versions["revgan"]],
    ["Node.js", versions["node"]],
    ["Seed", String(seed)],
    ["Begun", timeText(createdAt)],
    ["Last written", timeText(updatedAt)],
    ["A step", line.secondsPerStep === null ? null : stepSecondsText(line.secondsPerStep)],
  ];
  return markup`<section>
    <h3>Environment</h3>
    ${pairList(facts.flatMap(([name, value]) => (value == null ? [] : [[name, value] as const])))}
  </section>`;
}

function pairList(pairs: readonly (readonly [name: string, value: string])[]): Markup {
  const rows = pairs.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`);
  return markup`<dl class="pairs">${rows}</dl>`;
}

/** The file and the commands with which the same training can be repeated. */
export function againSection({ run, evaluations }: ReportedRun): Markup {
  const file = JSON.stringify(publicConfig(withoutDefaults(run.config)), null, 2);
  const commands = commandsOf(evaluations.length > 0);
  return markup`<section>
    <h3>How to get it again</h3>
    <p>
      Save this as <code>revgan.json</code> beside the data, then run the commands. The same seed gives the same run, to
      the bit, on the same machine and engine.
    </p>
    <pre>${file}</pre>
    <pre>${commands}</pre>
  </section>`;
}
