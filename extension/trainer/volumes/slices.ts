import { middleSlice, volumeSlices } from "../../protocol/runFileNames";
import type { Picture } from "../data/picture";
import type { GridSize } from "./niftiHeader";
import type { Volume } from "./volume";

/** A picture unchanged; for a volume three slices through its middle. */
export function threeSlices(image: Picture | Volume): Picture {
  return "bits" in image ? image : slicesOf(image, middleSlice);
}

/** A picture unchanged; for a volume slices at several places. */
export function slicesAtPlaces(image: Picture | Volume): (readonly [place: number, Picture])[] {
  return "bits" in image ? [[middleSlice, image]] : volumeSlices.map((place) => [place, slicesOf(image, place)]);
}

/**
 * Three slices of a volume side by side, perpendicular to its z, y and x axes; y, and in the last two z, points upwards. In colour where
 * there are three channels, else gray.
 *
 * @param place of the slices, in hundredths of the sides, below 100
 */
function slicesOf(
  { data, depth, height, width, channels }: GridSize & { readonly data: Float32Array; readonly channels: number },
  place: number,
): Picture {
  const [z, y, x] = [depth, height, width].map((side) => Math.floor((side * place) / 100)) as [number, number, number];
  const slices: Slice[] = [
    { rows: height, columns: width, at: (row, column) => (z * height + row) * width + column },
    { rows: depth, columns: width, at: (row, column) => (row * height + y) * width + column },
    { rows: depth, columns: height, at: (row, column) => (row * height + column) * width + x },
  ];
  const colourChannels = channels === 3 ? 3 : 1;
  const rows = Math.max(height, depth);
  const columns = slices.reduce((sum, slice) => sum + slice.columns, 0);
  const picture = new Float32Array(rows * columns * colourChannels).fill(-1);
  let left = 0;
  for (const slice of slices) {
    for (let row = 0; row < slice.rows; row++) {
      for (let column = 0; column < slice.columns; column++) {
        const from = slice.at(slice.rows - 1 - row, column) * channels;
        for (let c = 0; c < colourChannels; c++)
          picture[(row * columns + left + column) * colourChannels + c] = data[from + c]!;
      }
    }
    left += slice.columns;
  }
  return { data: picture, height: rows, width: columns, channels: colourChannels, bits: 8, alpha: null };
}

/** One slice: its size, and the function `at` from a row, counted from the bottom, and a column to the index of the voxel. */
interface Slice {
  readonly rows: number;
  readonly columns: number;
  readonly at: (row: number, column: number) => number;
}
