import type { Locator } from "playwright-core";
import type { ComparisonLine } from "../../extension/protocol/lines";
import type { ToWebview } from "../../extension/protocol/panel";
import { until } from "../support/browser/until";
import { costAndQuality } from "./support/comparison";
import { opened } from "./support/opened";
import type { OpenPage, PageOptions } from "./support/page";
import { exampleSummary, exampleView } from "./support/runs";

/** A panel with a comparison of runs, and where its parts are. */

const quality = (mae: number, psnr: number, ssim: number) => ({ mae, psnr, ssim });
const judged = { by: "evaluation", images: 10 } as const;
export const deeper = {
  metrics: { AtoB: quality(18.4, 20.1, 0.61), BtoA: quality(15.2, 21.6, 0.58) },
  parameters: 12_139_526,
  peakBytes: 436_000_000,
  secondsPerStep: 13.1,
  judged,
};
export const cyclegan = {
  kind: "cyclegan",
  metrics: { AtoB: quality(20.9, 18.8, 0.55), BtoA: quality(16.7, 20.9, 0.54) },
  parameters: 22_756_358,
  peakBytes: 832_500_000,
  secondsPerStep: 10.2,
  judged,
} as const;
const pix2pix = {
  kind: "pix2pix",
  metrics: { AtoB: quality(19.1, 19.9, 0.6) },
  parameters: 11_378_179,
  peakBytes: 397_600_000,
  secondsPerStep: 5.31,
  judged,
} as const;
export const own = { metrics: { AtoB: quality(19.8, 19.4, 0.58), BtoA: quality(16, 21.2, 0.56) }, judged };

/** The shown run beside three others, as a host would tell of them. */
export function comparison(
  others: Readonly<Record<string, Partial<ComparisonLine>>> = { deeper, cyclegan, pix2pix },
  asked: "here" | "elsewhere" = "here",
  shown: Partial<ComparisonLine> = own,
): ToWebview {
  const { steps } = exampleView({ steps: 50 });
  const runs = Object.entries(others).map(([name, line]) => {
    const run = exampleSummary({ id: `/data/runs/${name}`, name, steps: 1000, lastStep: 1000, state: "finished" });
    return { run, steps, costAndQuality: costAndQuality(run.id, line) };
  });
  return { type: "comparison", asked, runs, shown: costAndQuality(exampleSummary().id, shown) };
}

export const section = (open: OpenPage): Locator => open.page.getByRole("region", { name: "Comparison", exact: true });
export const table = (open: OpenPage): Locator => section(open).getByRole("table");
export const slider = (open: OpenPage): Locator => open.page.getByRole("slider", { name: "Quality against cost: run" });
export const button = (open: OpenPage, name: string): Locator =>
  section(open).getByRole("button", { name, exact: true });
export const readout = (open: OpenPage): Promise<string> => section(open).locator(".comparison-readout").innerText();
export const rows = (open: OpenPage): Promise<string[][]> =>
  table(open)
    .locator("tbody tr:not([hidden])")
    .evaluateAll((all) =>
      all.map((row) =>
        [...row.children].map((cell) =>
          (cell as unknown as { innerText: string }).innerText.replaceAll(/\s+/g, " ").trim(),
        ),
      ),
    );

export async function compared(options: PageOptions = {}, message: ToWebview = comparison()): Promise<OpenPage> {
  const open = await opened(options);
  await open.send(message);
  await section(open).waitFor();
  return open;
}

/** The points of the chart against a cost: 0 parameters, 1 memory, 2 time. */
export async function points(
  open: OpenPage,
  chart: number,
): Promise<{ run: string; cost: number; quality: number; x: number; y: number }[]> {
  const drawn = section(open).locator(`.comparison-svg > g > g:nth-of-type(${chart + 1}) .comparison-point`);
  return drawn.evaluateAll((all) =>
    all.map((one) => {
      const { dataset } = one as unknown as { dataset: { run: string; cost: string; quality: string } };
      const { left, top, width, height } = one.getBoundingClientRect();
      return {
        run: dataset.run.split("/").at(-1)!,
        cost: Number(dataset.cost),
        quality: Number(dataset.quality),
        x: left + width / 2,
        y: top + height / 2,
      };
    }),
  );
}

/** What a button asks to be saved. */
export async function saved(open: OpenPage, pressed: string): Promise<{ name: string; content: Buffer }> {
  const files = () => open.sent().filter((each) => each.type === "save");
  const before = files().length;
  await button(open, pressed).click();
  const message = await until("a file", () => Promise.resolve(files()[before]));
  return { name: message.name, content: Buffer.from(message.base64, "base64") };
}
