import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import sharp, { type Sharp } from "sharp";
import { afterAll, expect, it } from "vitest";
import { RevganError } from "../../extension/protocol/errors";
import { DecoderClient } from "../../extension/trainer/data/decoder/decoderClient";
import { seededRandom, type RandomNumbers } from "../../extension/trainer/random";
import { sharedFolder } from "../support/commandLine";
import { extent } from "../support/full";
import { peakOf } from "../support/memoryPeaks";
import { mutated } from "../support/mutated";

/** How many mutated files are read. */
const cases = extent(600, 20_000);

/** What one file may take: seconds, and bytes of the decoder's process at its largest. */
const limits = { seconds: 5, bytes: 2 ** 30 };

const folder = sharedFolder();
const decoder = new DecoderClient();
afterAll(() => decoder.close());

/** Small files of every kind that is read, with what their formats can do. */
async function seeds(): Promise<Record<string, Buffer>> {
  const draw = seededRandom(0, "fuzz");
  const raw = { width: 37, height: 29, channels: 3 } as const;
  const source = sharp(Buffer.from(Array.from({ length: raw.width * raw.height * 3 }, () => draw.integer(256))), {
    raw,
  });
  const of = (encode: (image: Sharp) => Sharp): Promise<Buffer> => encode(source.clone()).toBuffer();
  return {
    "plain.png": await of((image) => image.png()),
    "interlaced.png": await of((image) => image.png({ progressive: true })),
    "palette.png": await of((image) => image.png({ palette: true, colours: 16 })),
    "alpha.png": await of((image) => image.ensureAlpha(0.5).png()),
    "deep.png": await of((image) => image.toColourspace("rgb16").png()),
    "baseline.jpg": await of((image) => image.jpeg()),
    "progressive.jpg": await of((image) => image.jpeg({ progressive: true, chromaSubsampling: "4:2:0" })),
    "gray.jpg": await of((image) => image.grayscale().jpeg()),
    "turned.jpg": await of((image) => image.withMetadata({ orientation: 6 }).jpeg()),
    "strips.tiff": await of((image) => image.tiff({ compression: "none" })),
    "lzw.tiff": await of((image) => image.tiff({ compression: "lzw", predictor: "horizontal" })),
    "tiles.tiff": await of((image) =>
      image.tiff({ compression: "deflate", tile: true, tileWidth: 16, tileHeight: 16 }),
    ),
    "jpeg.tiff": await of((image) => image.tiff({ compression: "jpeg" })),
    "lossy.webp": await of((image) => image.webp()),
    "lossless.webp": await of((image) => image.webp({ lossless: true })),
    "still.gif": await of((image) => image.gif()),
    "still.avif": await of((image) => image.avif({ effort: 0 })),
  };
}

/** Reads a file, which is mutated, and looks at what came of it. */
type Read = (file: string, draw: RandomNumbers) => Promise<void>;

const picture: Read = async (file, draw) => {
  const { picture: read } = await decoder.decode({
    file,
    half: "whole",
    loadSize: { height: 32, width: 32 },
    crop: { height: 24, width: 24, top: draw.uniform(), left: draw.uniform() },
    multiple: 4,
    flip: draw.uniform() < 0.5,
    channels: 3,
    alpha: false,
  });
  expect([read.height, read.width, read.channels]).toEqual([24, 24, 3]);
  expect(
    read.data.every((value) => value >= -1 && value <= 1),
    file,
  ).toBe(true);
};

const volume: Read = async (file, draw) => {
  const crop = { depth: 4, height: 4, width: 4, front: draw.uniform(), top: draw.uniform(), left: draw.uniform() };
  const grid = draw.uniform() < 0.5 ? { size: { depth: 8, height: 8, width: 8 } } : null;
  const intensity = { kind: "percentile", low: 0.5, high: 99.5 } as const;
  const { channels } = await decoder.inspect(file, undefined, intensity);
  const { picture: read } = await decoder.decodeVolume({
    file,
    grid,
    interpolation: "cubic",
    intensity,
    crop: grid === null ? null : crop,
    multiple: 1,
    flip: draw.uniform() < 0.5,
    channels,
  });
  if (grid !== null) expect([read.depth, read.height, read.width]).toEqual([4, 4, 4]);
  expect(read.data.length).toBe(read.depth * read.height * read.width * read.channels);
  expect(
    read.data.every((value) => value >= -1 && value <= 1),
    file,
  ).toBe(true);
};

/** Small files of every type of voxel, both formats and byte orders; packed, and also packed after the mutation, which an unpacker lets through. */
function volumeSeeds(): Record<string, Buffer> {
  const made = join("test", "data", "nifti", "made");
  const names = readdirSync(made).filter((name) => name.endsWith(".nii"));
  const plain = names.map((name) => [name, readFileSync(join(made, name))] as const);
  const packed = plain.map(([name, bytes]) => [`${name}.gz`, gzipSync(bytes)] as const);
  const within = plain.map(([name, bytes]) => [`within-${name}.gz`, bytes] as const);
  return Object.fromEntries([...plain, ...packed, ...within]);
}

it.each([
  ["pictures", seeds, picture],
  ["volumes", volumeSeeds, volume],
] as const)(
  `${cases} mutated %s are each read, or refused with a line that names them`,
  { timeout: 60_000 + cases * 200 },
  async (_, make, read) => {
    const files = Object.entries(await make());
    const seen = { read: 0, refused: 0, slowest: 0, peak: 0, deaths: 0 };
    let pid: number | undefined;
    for (let i = 0; i < cases; i++) {
      const [name, seed] = files[i % files.length]!;
      const draw = seededRandom(1, "fuzz", i);
      const file = join(folder, `${i}-${name}`);
      const bytes = mutated(seed, draw);
      writeFileSync(file, name.startsWith("within-") ? gzipSync(bytes) : bytes);
      const since = performance.now();
      try {
        await read(file, draw);
        seen.read += 1;
      } catch (error) {
        if (!(error instanceof RevganError)) throw error;
        expect(error.code).toBe("data");
        expect(error.message).toContain(file);
        expect(`${error.message}${error.remedy}`).not.toMatch(/\p{Cc}/u);
        seen.refused += 1;
      }
      seen.slowest = Math.max(seen.slowest, (performance.now() - since) / 1000);
      if (pid !== undefined && decoder.pid !== pid) seen.deaths += 1;
      pid = decoder.pid;
      seen.peak = Math.max(seen.peak, peakOf(pid, "VmHWM"));
    }
    console.log(
      `${seen.read} read, ${seen.refused} refused, ${seen.deaths} decoders lost; slowest ${seen.slowest.toFixed(2)} s; peak ${Math.round(seen.peak / 1e6)} MB`,
    );
    // A mutation that no reader notices, and none that all refuse, would try nothing.
    expect(Math.min(seen.read, seen.refused)).toBeGreaterThan(cases / 20);
    expect(seen.slowest).toBeLessThan(limits.seconds);
    expect(seen.peak).toBeLessThan(limits.bytes);
    expect(seen.deaths).toBe(0);
  },
);
