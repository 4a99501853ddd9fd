import * as z from "zod/mini";
import { choice, path, size, yesOrNo } from "./schemaValues";

const folderName = () => {
  const phrase = "the name of a folder inside the data folder's parts, without slashes";
  return z.string(phrase).check(z.regex(/^(?!\.{1,2}$)[^/\\]{1,255}$/, phrase));
};

const intensity = z.lazy(() =>
  z.strictObject(
    {
      kind: z._default(
        choice(["percentile", "window", "zscore"]).check(
          z.describe(
            "How a volume's intensities become −1 to 1: between two of its percentiles, between two fixed values, or between two distances from its mean in standard deviations.",
          ),
        ),
        "percentile",
      ),
      low: z.optional(
        z
          .number("a number")
          .check(
            z.describe("What becomes −1. By default percentile 0.5, or −3 standard deviations; a window needs it."),
          ),
      ),
      high: z.optional(
        z
          .number("a number")
          .check(
            z.describe("What becomes 1. By default percentile 99.5, or 3 standard deviations; a window needs it."),
          ),
      ),
    },
    "an object with kind, low and high",
  ),
);

const folders = z.lazy(() =>
  z.strictObject({ a: folderName(), b: folderName() }, "an object with the folder names a and b, or null"),
);

const folder = () => path("a folder");

const share = () => {
  const phrase = "a number from 0 to below 1";
  return z.number(phrase).check(z.gte(0, phrase), z.lt(1, phrase));
};

const split = z.lazy(() =>
  z.strictObject(
    {
      val: z._default(share().check(z.describe("Share of val.")), 0),
      test: z._default(share().check(z.describe("Share of test.")), 0),
    },
    "an object with the shares val and test, or null",
  ),
);

/** A domain's name. Refuses characters that could break a line or change the direction of the text around the name. */
const personName = () => {
  const phrase = "a name of 1 to 40 characters, without control characters and without spaces around it";
  return z
    .string(phrase)
    .check(z.regex(/^(?!\s)[^\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]{1,40}(?<!\s)$/, phrase));
};

const names = z.lazy(() =>
  z.strictObject({ a: personName(), b: personName() }, "an object with the names a and b, or null"),
);

const factors = () => {
  const phrase = "three numbers above 0, [depth, height, width]";
  const factor = () => z.number(phrase).check(z.gt(0, phrase), z.lte(100, phrase));
  return z.tuple([factor(), factor(), factor()], phrase);
};

const upsampling = z.lazy(() =>
  z.strictObject(
    { a: factors().check(z.describe("Of A.")), b: factors().check(z.describe("Of B.")) },
    "an object with the factors a and b, or null",
  ),
);

/** The section `data` of `revgan.json`. */
export const dataSchema = z.lazy(() =>
  z.strictObject(
    {
      path: z._default(
        z
          .nullable(folder())
          .check(
            z.describe(
              "The data folder, relative to this file: trainA, trainB, testA, testB, or train, test with A left and B right in one image.",
            ),
          ),
        null,
      ),
      folders: z._default(
        z
          .nullable(folders)
          .check(z.describe("Names of the two folders, for example lr and hr, if they are not A and B.")),
        null,
      ),
      a: z._default(
        z
          .nullable(folder())
          .check(z.describe("The folder of A's files, relative to this file; with data.b, instead of data.path.")),
        null,
      ),
      b: z._default(
        z
          .nullable(folder())
          .check(z.describe("The folder of B's files, relative to this file; with data.a, instead of data.path.")),
        null,
      ),
      names: z._default(
        z
          .nullable(names)
          .check(
            z.describe(
              "What people call A and B, for example daisy and sunflower; nothing else depends on it. null: as their folders are called.",
            ),
          ),
        null,
      ),
      split: z._default(
        z
          .nullable(split)
          .check(
            z.describe(
              "Shares of the files to hold out as val and test where the data have none, for example 0.1 each; drawn by training.seed. null: nothing is held out.",
            ),
          ),
        null,
      ),
      loadSize: z.optional(
        size().check(
          z.describe(
            "Images are resized to this before cropping; null leaves their size. By default 286, for volumes null.",
          ),
        ),
      ),
      cropSize: z.optional(
        size().check(
          z.describe(
            "Side of the random crop that a step sees; null takes the whole image. A multiple of 2^downsampling. By default 256, for volumes 32.",
          ),
        ),
      ),
      flip: z._default(yesOrNo().check(z.describe("Mirror left and right at random.")), true),
      shuffle: z._default(yesOrNo().check(z.describe("Take the files in random order; otherwise by name.")), true),
      intensity: z.prefault(
        intensity.check(z.describe("How the intensities of volumes are scaled; images ignore it.")),
        {},
      ),
      interpolation: z._default(
        choice(["cubic", "trilinear"]).check(
          z.describe(
            "How values are found between the voxels of a volume that is brought to a finer grid; images ignore it.",
          ),
        ),
        "cubic",
      ),
      upsampling: z._default(
        z
          .nullable(upsampling)
          .check(
            z.describe(
              "How many times as fine the network's grid is as each domain's own, [depth, height, width]. null: found from the headers of pairs of different sizes, the coarser being brought to the grid of the finer; 1 for unpaired volumes.",
            ),
          ),
        null,
      ),
      skipUnreadable: z._default(
        yesOrNo().check(z.describe("Leave out files that cannot be read instead of stopping.")),
        false,
      ),
    },
    "an object with the data's settings",
  ),
);
