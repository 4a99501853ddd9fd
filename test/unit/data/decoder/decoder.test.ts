import { readFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { DecoderClient } from "../../../../extension/trainer/data/decoder/decoderClient";
import { toSamples, type Picture } from "../../../../extension/trainer/data/picture";
import { noise, pngBytes, temporaryFolder, wholeImage } from "../../../support/images";

/** See test/data/imagesExpected.py. */
interface Expected {
  readonly height: number;
  readonly width: number;
  readonly data: string;
}

const images = "test/data/images";
const pil = JSON.parse(readFileSync("test/data/pil-expected.json", "utf8")) as {
  resized: Expected[];
  decoded: Record<string, Expected & { channels: number; bits: 8 | 16 }>;
};
const decoder = new DecoderClient();
afterAll(() => decoder.close());

const bytesOf = ({ data }: Expected): Uint8Array => new Uint8Array(Buffer.from(data, "base64"));
const largest = (values: Iterable<number>): number => Math.max(...values);
const differences = (a: ArrayLike<number>, b: ArrayLike<number>): number[] =>
  Array.from(a, (value, i) => Math.abs(value - b[i]!));
const colourAt = ({ data, width, channels }: Picture, y: number, x: number): number[] =>
  [...data.slice((y * width + x) * channels, (y * width + x + 1) * channels)].map(Math.round);

describe("decoding", () => {
  it("scales 8 bits to [-1, 1] by v / 127.5 - 1", async () => {
    const root = temporaryFolder({
      "x.png": { height: 1, width: 4, channels: 1, bits: 8, samples: Uint8Array.of(0, 51, 128, 255) },
    });
    const { picture } = await decoder.decode(wholeImage(join(root, "x.png")));
    expect([...picture.data]).toEqual([...Float32Array.of(-1, -0.6, 128 / 127.5 - 1, 1)]);
  });

  it.each([
    [1, 8],
    [2, 8],
    [3, 8],
    [4, 8],
    [1, 16],
    [2, 16],
    [3, 16],
    [4, 16],
  ] as const)("keeps every value of %i channels of %i bits", async (channels, bits) => {
    const image = noise(channels, 33, 17, channels, bits);
    const root = temporaryFolder({ "x.png": image });
    const { picture } = await decoder.decode(wholeImage(join(root, "x.png"), { alpha: true }));
    const colours = channels > 2 ? 3 : 1;
    expect(picture).toMatchObject({ height: 33, width: 17, channels: colours, bits });
    expect(toSamples(picture.data, bits)).toEqual(image.samples.filter((_, i) => i % channels < colours));
    expect(picture.alpha).toEqual(
      channels === colours ? null : image.samples.filter((_, i) => i % channels === colours),
    );
  });

  it("keeps colour where the image is invisible, resized or not", async () => {
    const samples = Uint8Array.from({ length: 8 * 8 * 4 }, (_, i) => [200, 100, 50, 0][i % 4]!);
    const root = temporaryFolder({ "x.png": { height: 8, width: 8, channels: 4, bits: 8, samples } });
    for (const loadSize of [null, { height: 5, width: 11 }]) {
      const { picture } = await decoder.decode(wholeImage(join(root, "x.png"), { loadSize, alpha: true }));
      expect([...toSamples(picture.data, 8).slice(0, 3)]).toEqual([200, 100, 50]);
      expect(new Set(picture.alpha)).toEqual(new Set([0]));
    }
  });

  it.each(Object.entries(pil.decoded))("reads %s as PIL does", async (name, wanted) => {
    const { picture } = await decoder.decode(wholeImage(join(images, name)));
    const { height, width, channels, bits } = wanted;
    expect(picture).toMatchObject({ height, width, bits, channels });
    const bytes = bytesOf(wanted);
    const values = bits === 16 ? new Uint16Array(bytes.buffer) : bytes;
    // JPEG decoders may round the last bit differently.
    expect(largest(differences(toSamples(picture.data, bits), values))).toBeLessThanOrEqual(
      name.endsWith(".jpg") ? 1 : 0,
    );
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])("puts EXIF orientation %i upright", async (orientation) => {
    const { picture } = await decoder.decode(wholeImage(join(images, `orientation-${orientation}.jpg`)));
    expect(picture).toMatchObject({ height: 32, width: 48 });
    expect([
      colourAt(picture, 8, 8),
      colourAt(picture, 8, 40),
      colourAt(picture, 24, 8),
      colourAt(picture, 24, 40),
    ]).toEqual([
      [1, -1, -1],
      [-1, 1, -1],
      [-1, -1, 1],
      [1, 1, 1],
    ]);
  });

  it("tells a file by its content", async () => {
    const root = temporaryFolder({
      "x.jpg": pngBytes(noise(0, 5, 5)),
      "y.png": readFileSync(join(images, "gray.jpg")),
    });
    expect((await decoder.inspect(join(root, "x.jpg"))).format).toBe("png");
    expect(await decoder.inspect(join(root, "y.png"))).toEqual({
      format: "jpeg",
      height: 30,
      width: 20,
      channels: 1,
      bits: 8,
      alpha: false,
    });
  });

  it("makes three equal channels of gray, and luma of colour", async () => {
    const root = temporaryFolder({
      "gray.png": noise(1, 4, 4, 1),
      "rgb.png": { height: 1, width: 2, channels: 3, bits: 8, samples: Uint8Array.of(255, 0, 0, 10, 200, 30) },
    });
    const { picture } = await decoder.decode(wholeImage(join(root, "gray.png"), { channels: 3 }));
    expect([...toSamples(picture.data, 8)]).toEqual([...noise(1, 4, 4, 1).samples].flatMap((v) => [v, v, v]));
    const gray = await decoder.decode(wholeImage(join(root, "rgb.png"), { channels: 1 }));
    expect([...toSamples(gray.picture.data, 8)]).toEqual([76, 124]);
  });

  it.each(pil.resized.map((size) => [size.height, size.width, size] as const))(
    "resizes to %i × %i within 2/255 of PIL's bicubic",
    async (height, width, wanted) => {
      const { picture } = await decoder.decode(wholeImage(join(images, "photo.png"), { loadSize: { height, width } }));
      expect(picture).toMatchObject({ height, width, channels: 3 });
      expect(
        largest(
          differences(
            picture.data.map((v) => (v + 1) * 127.5),
            bytesOf(wanted),
          ),
        ),
      ).toBeLessThan(2);
    },
  );

  it("crops a resized image to the very numbers of the whole", async () => {
    const loadSize = { height: 60, width: 70 };
    const file = join(images, "photo.png");
    const whole = (await decoder.decode(wholeImage(file, { loadSize }))).picture;
    const crop = { height: 9, width: 11, top: 0.999, left: 0.5 };
    const { picture } = await decoder.decode(wholeImage(file, { loadSize, crop, flip: true }));
    const [top, left] = [51, 30];
    for (let y = 0; y < 9; y++) {
      for (let x = 0; x < 11; x++) {
        const from = ((top + y) * 70 + left + 10 - x) * 3;
        expect(picture.data.slice((y * 11 + x) * 3, (y * 11 + x) * 3 + 3)).toEqual(whole.data.slice(from, from + 3));
      }
    }
  });

  it("takes the halves of a pair side by side, the resize not looking over the seam", async () => {
    const samples = Uint8Array.from({ length: 8 * 16 * 3 }, (_, i) => (Math.floor(i / 3) % 16 < 8 ? 0 : 255));
    const root = temporaryFolder({ "pair.png": { height: 8, width: 16, channels: 3, bits: 8, samples } });
    for (const loadSize of [null, { height: 12, width: 12 }, { height: 3, width: 3 }]) {
      for (const [half, value] of [
        ["left", -1],
        ["right", 1],
      ] as const) {
        const { picture, original } = await decoder.decode(wholeImage(join(root, "pair.png"), { half, loadSize }));
        expect(new Set(picture.data)).toEqual(new Set([value]));
        expect(original).toEqual({ height: 8, width: 8 });
      }
    }
  });

  it("cuts to the network's multiple from the upper left corner", async () => {
    const image = noise(4, 11, 14, 1);
    const root = temporaryFolder({ "x.png": image });
    const { picture } = await decoder.decode(wholeImage(join(root, "x.png"), { multiple: 4 }));
    expect(picture).toMatchObject({ height: 8, width: 12 });
    expect([...toSamples(picture.data, 8)]).toEqual([...image.samples].filter((_, i) => i % 14 < 12 && i < 8 * 14));
  });

  it("reads images of one pixel, and of one row or column", async () => {
    const root = temporaryFolder({
      "1.png": noise(0, 1, 1),
      "row.png": noise(0, 1, 37),
      "column.png": noise(0, 41, 1),
    });
    for (const [name, height, width] of [
      ["1.png", 1, 1],
      ["row.png", 1, 37],
      ["column.png", 41, 1],
    ] as const) {
      expect((await decoder.decode(wholeImage(join(root, name)))).picture).toMatchObject({ height, width });
      expect(
        (await decoder.decode(wholeImage(join(root, name), { loadSize: { height: 8, width: 8 } }))).picture.data.every(
          Number.isFinite,
        ),
      ).toBe(true);
    }
  });

  it("refuses what does not fit, by name and size", async () => {
    const root = temporaryFolder({ "odd.png": noise(0, 6, 7), "small.png": noise(0, 6, 6) });
    const odd = decoder.decode(wholeImage(join(root, "odd.png"), { half: "left" }));
    await expect(odd).rejects.toThrow(`${join(root, "odd.png")} is 7 pixels wide`);
    const small = decoder.decode(
      wholeImage(join(root, "small.png"), { crop: { height: 8, width: 6, top: 0, left: 0 } }),
    );
    await expect(small).rejects.toThrow(`${join(root, "small.png")} is 6 × 6 pixels, smaller than the crop of 6 × 8`);
    await expect(decoder.decode(wholeImage(join(root, "small.png"), { multiple: 8 }))).rejects.toThrow(
      "multiples of 8",
    );
  });

  it("refuses other formats, empty, truncated and missing files, by name and reason", async () => {
    const photo = readFileSync(join(images, "rgb.jpg"));
    const root = temporaryFolder({
      "empty.png": "",
      "text.png": "hello, I am no image",
      "vector.png": '<svg xmlns="http://www.w3.org/2000/svg"/>',
      "old.png": Buffer.from("BM6\0\0\0"),
      "cut.jpg": photo.subarray(0, 900),
      "cut.png": pngBytes(noise(0, 64, 64)).subarray(0, 3000),
      "garbled.png": Buffer.concat([pngBytes(noise(0, 2, 2)).subarray(0, 20), Buffer.alloc(99, 7)]),
      "folder.png": null,
    });
    const reasons = {
      empty: "is empty",
      text: "is not an image",
      vector: "is an SVG file",
      old: "is a BMP file",
      garbled: "is damaged",
      folder: "is no file",
      cut: "is damaged",
      absent: "is not there",
    };
    for (const name of [
      "empty.png",
      "text.png",
      "vector.png",
      "old.png",
      "cut.jpg",
      "cut.png",
      "garbled.png",
      "folder.png",
      "absent.png",
    ]) {
      const reason = reasons[name.split(".")[0] as keyof typeof reasons];
      await expect(decoder.inspect(join(root, name))).rejects.toThrow(`${join(root, name)} ${reason}`);
    }
  });

  it("refuses too many pixels before they take memory, and too many bytes", async () => {
    const bomb = pngBytes(noise(0, 1, 1));
    bomb.writeUInt32BE(60_000, 16);
    bomb.writeUInt32BE(60_000, 20);
    // The header's checksum, which the library looks at first.
    bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29);
    const root = temporaryFolder({ "bomb.png": bomb, "x.png": noise(0, 40, 40) });
    await expect(decoder.inspect(join(root, "bomb.png"))).rejects.toThrow(
      "60000 × 60000 pixels, more than the 100 million",
    );
    const careful = new DecoderClient({ maxBytes: 1000, maxPixels: 1000 });
    await expect(careful.inspect(join(root, "x.png"))).rejects.toThrow("MiB, more than");
    careful.close();
  });
});
