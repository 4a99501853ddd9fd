import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";

/** The bundled sample data: A at the left and B at the right of each picture, 128 pixels square each. */
const testPictures = join(import.meta.dirname, "..", "..", "..", "media", "samples", "nuclei-labels", "test");
const side = 128;

/** Where a page of the tests finds the pictures of its run. */
export const samplesBase = "samples/";

/** Number of fixed images of each domain. */
const images = 3;

const namesOfKinds = (kinds: readonly string[]): string[] =>
  ["a", "b"].flatMap((domain) =>
    Array.from({ length: images }, (_, i) => kinds.map((kind) => `${domain}-${kind}-${i}.png`)).flat(),
  );

/** The file names of a step's pictures, in order. */
export const pictureNames = namesOfKinds(["input", "translated", "cycled"]);

/** Those of a run on pairs. */
export const pairedPictureNames = namesOfKinds(["input", "translated", "cycled", "truth"]);

const made = new Map<string, Promise<Buffer | undefined>>();

/**
 * A picture as a run would have it at a step: the translation begins as a blur of the truth and gets sharper.
 * Made once a process: many pages show the same ones.
 *
 * @param path `NNNNNN/{a,b}-{input,translated,cycled,truth}-I.png`, or of any slice
 * @returns undefined for any other path
 */
export function samplePicture(path: string): Promise<Buffer | undefined> {
  const picture = made.get(path) ?? makePicture(path);
  made.set(path, picture);
  return picture;
}

async function makePicture(path: string): Promise<Buffer | undefined> {
  const parts = /^(\d{6,})\/([ab])-(input|translated|cycled|truth)-([0-9])(?:\.\d\d)?\.png$/.exec(path);
  if (parts === null) return undefined;
  const [, step, domain, kind, index] = parts;
  const names = (await readdir(testPictures)).sort();
  const name = names[Number(index)];
  if (name === undefined) return undefined;
  const showsA = (domain === "a") !== (kind === "translated" || kind === "truth");
  const half = sharp(await readFile(join(testPictures, name))).extract({
    left: showsA ? 0 : side,
    top: 0,
    width: side,
    height: side,
  });
  const blur = kind === "input" || kind === "truth" ? 0 : 12 * Math.exp(-Number(step) / 250);
  return (blur < 0.3 ? half : half.blur(blur)).png().toBuffer();
}
