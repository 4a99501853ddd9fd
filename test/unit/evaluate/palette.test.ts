import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { type Picture, fromSamples } from "../../../extension/trainer/data/picture";
import { PaletteSearch, classesOf, distanceFrom } from "../../../extension/trainer/evaluate/palette";
import { paletteFor, readPalette } from "../../../extension/trainer/evaluate/paletteFile";
import { temporaryFolder } from "../../support/images";

const picture = (values: readonly number[], bits: 8 | 16 = 8, channels = 3): Picture => ({
  data: fromSamples(values, bits),
  height: 1,
  width: values.length / channels,
  channels,
  bits,
  alpha: null,
});

describe("the class of a pixel", () => {
  const palette = [
    [0, 0, 0],
    [255, 0, 0],
    [250, 250, 250],
  ];
  it("is the nearest colour's, and the first of two that are as near", () => {
    expect([...classesOf(Float64Array.of(100, 0, 0, 128, 0, 0, 127.5, 0, 0, 200, 190, 210), palette)]).toEqual([
      0, 1, 0, 2,
    ]);
  });
  it("tells how far pictures are from a palette", () => {
    expect(distanceFrom(palette, Float64Array.of(255, 0, 0, 0, 0, 0))).toBe(0);
    expect(distanceFrom(palette, Float64Array.of(3, 0, 0, 253, 250, 244))).toBeCloseTo((9 + 9 + 36) / 6, 12);
  });
});

describe("a palette is found", () => {
  it("in pictures with a few exact colours, of 8 and of 16 bits", () => {
    const search = new PaletteSearch();
    expect(search.add(picture([10, 20, 30, 255, 255, 255, 10, 20, 30]))).toBe(true);
    expect(search.add(picture([10 * 257, 20 * 257, 30 * 257, 0, 128, 65535], 16))).toBe(true);
    expect(search.palette).toEqual([
      [0, 128 / 257, 255],
      [10, 20, 30],
      [255, 255, 255],
    ]);
  });
  it("in gray pictures", () => {
    const search = new PaletteSearch();
    search.add(picture([7, 0, 7, 255], 8, 1));
    expect(search.palette).toEqual([[0], [7], [255]]);
  });
  it("nowhere else: not among 65 colours of several pictures, and not in one colour", () => {
    const [many, one] = [new PaletteSearch(), new PaletteSearch()];
    expect(many.add(picture(Array.from({ length: 64 * 3 }, (_, i) => i)))).toBe(true);
    expect(many.palette).toHaveLength(64);
    expect(many.add(picture([255, 255, 255]))).toBe(false);
    one.add(picture([1, 2, 3, 1, 2, 3]));
    expect([many.palette, one.palette]).toEqual([null, null]);
  });
});

describe("a palette file", () => {
  const file = (text: string): string => join(temporaryFolder({ "palette.gpl": text }), "palette.gpl");

  it("is GIMP's, or plain lines, with names or without", async () => {
    const gimp =
      "GIMP Palette\r\nName: Cells\r\nColumns: 2\r\n#\r\n  0   0  96\tBackground\r\n255 160   0\tNucleus 1\r\n";
    expect(await readPalette(file(gimp))).toEqual([
      [0, 0, 96],
      [255, 160, 0],
    ]);
    expect(await readPalette(file("# classes\n0,0,0\n\n255 255 255 sky\n0 0 0 again\n"))).toEqual([
      [0, 0, 0],
      [255, 255, 255],
    ]);
  });

  test.each([
    ["", ["has no colours"]],
    ["1 2 3\n1 2 3\n", ["has only one colour"]],
    ["1 2 3\n1 2 256\n", ["line 2", '"1 2 256" is no colour']],
    ["1 2 3\nred\n", ["line 2", '"red"']],
    ["0.5 0.25 1\n", ["line 1"]],
  ])("refuses %j in one line", async (text, says) => {
    const error = (await readPalette(file(text)).catch((cause: unknown) => cause)) as Error;
    expect(error).toMatchObject({ code: "input" });
    for (const words of ["palette.gpl", ...says]) expect(error.message).toContain(words);
  });

  it("refuses a file that is not there, and colours for gray pictures", async () => {
    await expect(readPalette("/nowhere/palette.gpl")).rejects.toMatchObject({
      code: "input",
      message: expect.stringContaining("/nowhere/palette.gpl cannot be read (ENOENT)") as unknown,
    });
    expect(
      paletteFor(
        [
          [0, 0, 0],
          [9, 9, 9],
        ],
        1,
        "p.gpl",
      ),
    ).toEqual([[0], [9]]);
    expect(() =>
      paletteFor(
        [
          [0, 0, 0],
          [9, 8, 9],
        ],
        1,
        "p.gpl",
      ),
    ).toThrow("p.gpl has the colour 9 8 9");
  });
});
