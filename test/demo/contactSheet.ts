import type { Picture } from "../../extension/trainer/data/picture";

/** Pixels between pictures. */
const gap = 4;

/** Pictures of one size and three channels, in rows, on white; each pixel shown `zoom` times as large. */
export function contactSheet(rows: readonly (readonly Picture[])[], zoom: number): Picture {
  const [{ height, width }, columns] = [rows[0]![0]!, rows[0]!.length];
  const cell = { height: height * zoom + gap, width: width * zoom + gap };
  const sheet = { height: rows.length * cell.height + gap, width: columns * cell.width + gap, channels: 3 };
  const data = new Float32Array(sheet.height * sheet.width * 3).fill(1);
  rows.forEach((row, r) =>
    row.forEach((picture, c) => {
      for (let i = 0; i < height * zoom; i++) {
        for (let j = 0; j < width * zoom; j++) {
          const from = (Math.floor(i / zoom) * width + Math.floor(j / zoom)) * 3;
          const to = ((r * cell.height + gap + i) * sheet.width + c * cell.width + gap + j) * 3;
          data.set(picture.data.subarray(from, from + 3), to);
        }
      }
    }),
  );
  return { ...sheet, data, bits: 8, alpha: null };
}
