import type { Locator } from "playwright-core";
import { StepColumns } from "../../extension/protocol/stepColumns";
import { until } from "../support/browser/until";
import type { OpenPage } from "./support/page";
import type { Snapshot } from "./support/runs";

/** The steps of a snapshot's run, as numbers. */
export function stepsOf(snapshot: Snapshot): StepColumns {
  const columns = new StepColumns();
  if (snapshot.shown !== null) columns.extend(snapshot.shown.steps);
  return columns;
}

/** A loss as the page writes it. */
export const written = (value: number): string =>
  new Intl.NumberFormat("en", { maximumSignificantDigits: 4, minimumSignificantDigits: 4 }).format(value);

/** The losses' part of an open panel, as a user sees and works it. */
export class ChartsPage {
  readonly section: Locator;

  constructor(readonly open: OpenPage) {
    this.section = open.page.locator("section.charts");
  }

  /** A group's chart. */
  chart(title: string): Locator {
    return this.section.locator("article.chart").and(this.open.page.getByRole("article", { name: title, exact: true }));
  }

  /** The part of a chart that takes keys and the mouse. */
  plot(title: string): Locator {
    return this.chart(title).getByRole("application");
  }

  /** What the bar says of the range or the cursor. */
  async place(): Promise<string> {
    return (await this.section.locator(".charts-range").textContent()) ?? "";
  }

  /** The range of steps that is seen. */
  async range(): Promise<[number, number]> {
    const [, first, last] = /^Steps ([\d,]+) to ([\d,]+)$/.exec(await this.place()) ?? [];
    return [Number(first?.replaceAll(",", "")), Number(last?.replaceAll(",", ""))];
  }

  /** Waits until the range is other than it was. */
  rangeAfter(before: readonly [number, number]): Promise<[number, number]> {
    return until(
      "another range of steps",
      async () => {
        const now = await this.range();
        return Number.isNaN(now[0]) || (now[0] === before[0] && now[1] === before[1]) ? undefined : now;
      },
      () => this.place(),
    );
  }

  /** Waits until the range is this one. */
  rangeIs(first: number, last: number): Promise<true> {
    return until(
      `steps ${first} to ${last}`,
      async () => ((await this.range()).join() === `${first},${last}` ? true : undefined),
      () => this.place(),
    );
  }

  /** A legend's values: label, value, and what is smoothed. */
  legend(title: string): Promise<string[][]> {
    return this.chart(title)
      .locator(".chart-toggle")
      .evaluateAll((buttons) =>
        buttons.map((button) =>
          [".chart-label", ".chart-value", ".chart-smooth"].map(
            (part) => button.querySelector(part)?.textContent ?? "",
          ),
        ),
      );
  }

  /** Presses a button and gives the file that the page then asks to save. */
  async saved(button: string): Promise<{ name: string; bytes: Buffer }> {
    const saves = () => this.open.sent().filter((message) => message.type === "save");
    const before = saves().length;
    await this.section.getByRole("button", { name: button, exact: true }).click();
    const { name, base64 } = await until(`a file from ${button}`, () => Promise.resolve(saves()[before]));
    return { name, bytes: Buffer.from(base64, "base64") };
  }

  /** What a chart shows, read from its SVG file: the numbers at its axes and its words, and its lines with their points. */
  async seen(title: string): Promise<{ svg: string; texts: string[]; lines: { stroke: string; points: number }[] }> {
    const { bytes } = await this.saved(`Save ${title} as SVG`);
    const svg = bytes.toString();
    const curves = svg.slice(svg.indexOf('class="curves"'));
    return {
      svg,
      texts: [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text]) => text!),
      lines: [...curves.matchAll(/<polyline points="([^"]*)"[^>]* stroke="([^"]*)"/g)].map(([, points, stroke]) => ({
        stroke: stroke!,
        points: points!.split(" ").length,
      })),
    };
  }
}
