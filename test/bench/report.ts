import { markdownTable } from "./statistics";

/** A measured figure, with the bounds that it should keep. */
export interface Finding {
  readonly what: string;
  readonly value: number;
  readonly unit?: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** A group of bars in the chart, all in one unit. */
export interface Bars {
  readonly title: string;
  readonly unit: string;
  readonly bars: readonly { readonly name: string; readonly value: number }[];
}

/** The results of one part of the bench. */
export interface Report {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly findings: readonly Finding[];
  readonly charts: readonly Bars[];
  /** Every single measurement, for the JSON file. */
  readonly raw: unknown;
}

/** Whether a figure keeps its bounds. */
export function isMet({ value, atMost = Infinity, atLeast = -Infinity }: Finding): boolean {
  return value <= atMost && value >= atLeast;
}

/** A report as Markdown: the table of results, and the table of findings with their bounds. */
export function reportText({ title, head, rows, findings }: Report): string {
  const number = (value: number, unit = ""): string =>
    `${Number.isInteger(value) ? value : value.toFixed(2)}${unit === "" ? "" : ` ${unit}`}`;
  const judged = findings.map((finding) => {
    const { what, value, unit, atMost, atLeast } = finding;
    const wanted = [
      ...(atMost === undefined ? [] : [`at most ${number(atMost, unit)}`]),
      ...(atLeast === undefined ? [] : [`at least ${number(atLeast, unit)}`]),
    ];
    return [what, number(value, unit), wanted.join(", "), isMet(finding) ? "" : "MISSED"];
  });
  return `\n## ${title}\n\n${markdownTable(head, rows)}\n\n${markdownTable(["", "seen", "wanted", ""], judged)}\n`;
}

const [rowHeight, nameWidth, barWidth] = [20, 250, 380];

/** The reports' bars as an SVG picture. */
export function reportPicture(reports: readonly Report[]): string {
  const parts: string[] = [];
  let y = 16;
  const text = (x: number, content: string, style = ""): string =>
    `<text x="${x}" y="${y}" ${style}>${content.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</text>`;
  for (const { title, charts } of reports) {
    for (const chart of charts) {
      parts.push(text(10, `${title}: ${chart.title} (${chart.unit})`, 'font-weight="bold"'));
      y += rowHeight;
      const largest = Math.max(...chart.bars.map(({ value }) => value));
      for (const { name, value } of chart.bars) {
        const width = Math.max(1, (barWidth * value) / largest);
        parts.push(
          text(10, name),
          `<rect x="${nameWidth}" y="${y - 12}" width="${width.toFixed(1)}" height="14" fill="${name.startsWith("ours") ? "#1f6feb" : "#8b949e"}"/>`,
          text(nameWidth + width + 6, value.toPrecision(3)),
        );
        y += rowHeight;
      }
      y += rowHeight / 2;
    }
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="720" height="${y}" font-family="sans-serif" font-size="12" fill="#24292f"><rect width="100%" height="100%" fill="#fff"/>\n${parts.join("\n")}\n</svg>\n`;
}
