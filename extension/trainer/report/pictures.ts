import { join } from "node:path";
import type { RunEvaluation } from "../../protocol/panel";
import { type SampleName, sampleName } from "../../protocol/runFileNames";
import { RevganError } from "../../protocol/errors";
import { pathIn, stepFolder } from "../../runFolder/paths";
import type { DecoderClient } from "../data/decoder/decoderClient";
import type { Region } from "../data/picture";
import { sheetGap } from "../evaluate/contactSheet";
import { markup, type Markup } from "./markup";

/** Longest side of a picture in the page, in pixels: twice the size at which it is shown. */
const longest = 256;

/** Makes the pictures of a report: small copies that are embedded in the page. */
export class Pictures {
  constructor(
    private readonly decoder: DecoderClient,
    private readonly signal: AbortSignal,
  ) {}

  /** A picture with a caption; null for a missing or damaged file. */
  async figure(file: string, caption: string, region: Region | null = null): Promise<Markup | null> {
    try {
      const { webp, width, height } = await this.decoder.thumbnail(file, { region, longest }, this.signal);
      const data = Buffer.from(webp).toString("base64");
      return markup`<figure class="picture">
        <img src="data:image/webp;base64,${data}" width="${width}" height="${height}" alt="${caption}" />
        <figcaption>${caption}</figcaption>
      </figure>`;
    } catch (error) {
      if (error instanceof RevganError && error.code !== "interrupted") return null;
      throw error;
    }
  }

  /** A sample of a step, for a volume as the slices through its middle. */
  sample(run: string, step: number, name: SampleName, caption: string): Promise<Markup | null> {
    return this.figure(join(stepFolder(run, "samples", step), sampleName(name)), caption);
  }

  /**
   * The pictures of one of the worst cases, cut out of the contact sheet.
   * @param captions of the sheet's columns
   */
  async worstCase(
    run: string,
    { sheet, worst }: RunEvaluation,
    row: number,
    captions: readonly string[],
  ): Promise<Markup[]> {
    if (sheet === null) return [];
    const file = join(pathIn(run, "evaluation"), sheet.split("?")[0]!);
    const columns = Math.max(...worst.map((each) => each.columns.length));
    const size = await this.decoder.inspect(file, this.signal).catch((error: unknown) => {
      if (error instanceof RevganError && error.code !== "interrupted") return null;
      throw error;
    });
    if (size === null) return [];
    const cell = { width: (size.width - sheetGap) / columns, height: (size.height - sheetGap) / worst.length };
    const cut = captions.map((caption, column) =>
      this.figure(file, caption, {
        left: Math.round(column * cell.width + sheetGap),
        top: Math.round(row * cell.height + sheetGap),
        width: Math.max(1, Math.round(cell.width - sheetGap)),
        height: Math.max(1, Math.round(cell.height - sheetGap)),
      }),
    );
    return (await Promise.all(cut)).filter((figure) => figure !== null);
  }
}

/** A row of pictures; null ones are left out. */
export function strip(figures: readonly (Markup | null)[]): Markup {
  const shown = figures.filter((figure) => figure !== null);
  return markup`<div class="strip n${Math.min(10, Math.max(1, shown.length))}">${shown}</div>`;
}
