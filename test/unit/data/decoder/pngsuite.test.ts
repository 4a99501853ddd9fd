import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { DecoderClient } from "../../../../extension/trainer/data/decoder/decoderClient";
import { toSamples, type Samples } from "../../../../extension/trainer/data/picture";
import { wholeImage } from "../../../support/images";

/** See test/data/pngsuiteExpected.py. */
interface Expected {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly bits: 8 | 16;
  /** SHA-256 of all samples, those of 16 bits with the lower byte first. */
  readonly colours: string;
  readonly firstPixel: number[];
  readonly alpha: string | null;
}

const folder = "test/data/pngsuite";
const expected = JSON.parse(readFileSync("test/data/pngsuite-expected.json", "utf8")) as Record<string, Expected>;
const files = readdirSync(folder).filter((name) => name.endsWith(".png"));
const broken = files.filter((name) => name.startsWith("x"));
const decoder = new DecoderClient();
afterAll(() => decoder.close());

const sha = (bytes: Samples): string =>
  createHash("sha256")
    .update(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    .digest("hex");

describe("PngSuite", () => {
  it("is complete", () => {
    expect([broken.length, files.length]).toEqual([14, 175]);
    expect(Object.keys(expected)).toEqual(files.filter((name) => !name.startsWith("x")));
  });

  it.each(Object.entries(expected))("%s has the pixels that pypng reads", async (name, wanted) => {
    const { picture } = await decoder.decode(wholeImage(join(folder, name), { alpha: true }));
    const { height, width, channels, bits, alpha } = picture;
    const colours = toSamples(picture.data, bits);
    expect({
      height,
      width,
      channels,
      bits,
      firstPixel: [...colours.slice(0, channels)],
      colours: sha(colours),
      alpha: alpha && sha(alpha),
    }).toEqual(wanted);
  });

  it.each(broken)("%s is refused by name", async (name) => {
    const file = join(folder, name);
    for (const attempt of [decoder.decode(wholeImage(file)), decoder.inspect(file)]) {
      await expect(attempt).rejects.toMatchObject({
        name: "RevganError",
        code: "data",
        message: expect.stringContaining(file) as string,
      });
    }
  });
});
