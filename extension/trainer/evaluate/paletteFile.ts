import { RevganError } from "../../protocol/errors";
import { readSmallText, whyUnreadable } from "../../files/limitedRead";
import type { Palette } from "./palette";

/** The most colours of a palette file: classes are counted in 16 bits, and a file with more colours is no palette of labels. */
const mostColours = 4096;
const remedy = "write a line R G B for each class, numbers from 0 to 255, or name a GIMP palette (.gpl)";

/**
 * Reads a GIMP palette, or plain lines of `R G B` with a name or without. Lines that begin with # are comments; a repeated colour adds no
 * class.
 *
 * @throws RevganError `input` naming the file, and the line
 */
export async function readPalette(file: string): Promise<Palette> {
  const lines = (await readText(file)).split(/\r\n|\r|\n/);
  const isGimps = lines[0]?.trim() === "GIMP Palette";
  const colours = new Map<string, readonly number[]>();
  for (const [i, line] of lines.entries()) {
    const text = line.trim();
    if (text === "" || text.startsWith("#") || (isGimps && (i === 0 || /^(Name|Columns):/.test(text)))) continue;
    const colour = /^(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(?![\d.])/.exec(text)?.slice(1).map(Number);
    if (colour === undefined || colour.some((value) => value > 255))
      throw new RevganError("input", `${file}, line ${i + 1}: ${shortened(text)} is no colour`, remedy);
    colours.set(colour.join(), colour);
  }
  if (colours.size < 2)
    throw new RevganError(
      "input",
      `${file} has ${colours.size === 0 ? "no colours" : "only one colour"}, and labels need two`,
      remedy,
    );
  if (colours.size > mostColours)
    throw new RevganError(
      "input",
      `${file} has ${colours.size} colours, and at most ${mostColours} classes are told apart`,
      remedy,
    );
  return [...colours.values()];
}

/** The palette's colours with that many channels. @throws RevganError `input` for colours that gray pictures cannot have */
export function paletteFor(palette: Palette, channels: number, file: string): Palette {
  if (channels === 3) return palette;
  const coloured = palette.find(([red, green, blue]) => red !== green || green !== blue);
  if (coloured !== undefined)
    throw new RevganError(
      "input",
      `${file} has the colour ${coloured.join(" ")}, and the pictures that are judged are gray`,
      "name a palette of grays, R = G = B",
    );
  return palette.map(([gray]) => [gray!]);
}

async function readText(file: string): Promise<string> {
  try {
    return await readSmallText(file);
  } catch (cause) {
    throw new RevganError("input", `${file} ${whyUnreadable(cause)}`, "name a palette file", { cause });
  }
}

function shortened(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 37)}…` : text);
}
