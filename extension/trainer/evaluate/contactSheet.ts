import { type Picture, type Pixels } from "../data/picture";
import type { EvaluatedCase } from "./evaluator";

/** Pixels between pictures. */
export const sheetGap = 4;

/** Longest side in pixels of a picture on the sheet: larger pictures are shrunk, small ones are enlarged by a whole factor. */
const longest = 256;

/**
 * A sheet with a row for each case, on white: input, translation, truth, and the difference of the last two. Where no truth is known:
 * input, translation, the translation back, and its difference from the input. Null without cases.
 */
export function contactSheet(cases: readonly EvaluatedCase[]): Picture | null {
  if (cases.length === 0) return null;
  const rows = cases.map((each) => picturesOf(each).map((picture) => resizedToSheet(asColour(picture))));
  const columns = Math.max(...rows.map((row) => row.length));
  const cell = {
    height: largestSide(rows.flat(), "height") + sheetGap,
    width: largestSide(rows.flat(), "width") + sheetGap,
  };
  const sheet = { height: rows.length * cell.height + sheetGap, width: columns * cell.width + sheetGap, channels: 3 };
  const data = new Float32Array(sheet.height * sheet.width * 3).fill(1);
  rows.forEach((row, i) =>
    row.forEach((picture, j) =>
      paste(picture, { data, width: sheet.width }, sheetGap + i * cell.height, sheetGap + j * cell.width),
    ),
  );
  return { ...sheet, data, bits: 8, alpha: null };
}

function picturesOf({ input, translated, cycled, truth }: EvaluatedCase): Pixels[] {
  if (truth !== null) return [input, translated, truth, absoluteDifference(translated, truth)];
  return cycled === null ? [input, translated] : [input, translated, cycled, absoluteDifference(cycled, input)];
}

/** The absolute difference as a picture, black where the two are equal. */
function absoluteDifference(x: Pixels, y: Pixels): Pixels {
  return { ...x, data: x.data.map((value, i) => Math.abs(value - y.data[i]!) - 1) };
}

function asColour(picture: Pixels): Pixels {
  if (picture.channels === 3) return picture;
  return {
    ...picture,
    channels: 3,
    data: Float32Array.from({ length: picture.data.length * 3 }, (_, i) => picture.data[Math.floor(i / 3)]!),
  };
}

/** Resizes to the sheet: when shrinking, each pixel is the mean of the pixels it covers; when enlarging, pixels are repeated. */
function resizedToSheet({ data, height, width, channels }: Pixels): Pixels {
  const side = Math.max(height, width);
  const factor = side > longest ? longest / side : Math.floor(longest / side);
  const size = { height: Math.max(1, Math.round(height * factor)), width: Math.max(1, Math.round(width * factor)) };
  const result = new Float32Array(size.height * size.width * channels);
  for (let row = 0; row < size.height; row++) {
    const [top, bottom] = sourceSpan(row, size.height, height);
    for (let column = 0; column < size.width; column++) {
      const [left, right] = sourceSpan(column, size.width, width);
      const to = (row * size.width + column) * channels;
      const count = (bottom - top) * (right - left);
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++)
          for (let c = 0; c < channels; c++) result[to + c]! += data[(y * width + x) * channels + c]! / count;
      }
    }
  }
  return { data: result, ...size, channels };
}

/** The source pixels [from, to) that pixel `i` of `count` covers, along a source axis of `length` pixels. */
function sourceSpan(i: number, count: number, length: number): [number, number] {
  const from = Math.floor((i * length) / count);
  return [from, Math.max(from + 1, Math.floor(((i + 1) * length) / count))];
}

function paste(
  { data, height, width, channels }: Pixels,
  sheet: { readonly data: Float32Array; readonly width: number },
  top: number,
  left: number,
): void {
  for (let row = 0; row < height; row++)
    sheet.data.set(
      data.subarray(row * width * channels, (row + 1) * width * channels),
      ((top + row) * sheet.width + left) * channels,
    );
}

function largestSide(pictures: readonly Pixels[], side: "height" | "width"): number {
  return pictures.reduce((most, picture) => Math.max(most, picture[side]), 0);
}
