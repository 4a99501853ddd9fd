import * as z from "zod/mini";

/**
 * What `revgan.json` may hold: types, limits, defaults and the texts shown on hovering.
 *
 * Every check's error is the same phrase, "what is allowed", so that a message can say
 * "KEY must be PHRASE, not VALUE". Keys whose default depends on other keys are optional here and filled by `fillDefaults`.
 */

const whole = (least: number, most: number = Number.MAX_SAFE_INTEGER) => {
  const phrase = `a whole number of at least ${least}`;
  return z.int(phrase).check(z.gte(least, phrase), z.lte(most, `a whole number of at most ${most}`));
};

const weight = () => z.number("a number of at least 0").check(z.gte(0, "a number of at least 0"));

const momentum = () => {
  const phrase = "a number from 0 to below 1";
  return z.number(phrase).check(z.gte(0, phrase), z.lt(1, phrase));
};

const choice = <const T extends readonly [string, ...string[]]>(values: T) => {
  const quoted = values.map((value) => `"${value}"`);
  const last = quoted.pop() ?? "";
  return z.enum(values, quoted.length === 0 ? last : `${quoted.join(", ")} or ${last}`);
};

const yesOrNo = () => z.boolean("true or false");

const side = () => whole(1, 65536);

const size = () =>
  z.nullable(
    z.union(
      [side(), z.tuple([side(), side()]), z.tuple([side(), side(), side()])],
      "a whole number, [height, width], [depth, height, width] for volumes, or null",
    ),
  );

const folderName = () => {
  const phrase = "the name of a folder inside the data folder's parts, without slashes";
  return z.string(phrase).check(z.regex(/^(?!\.{1,2}$)[^/\\]{1,255}$/, phrase));
};

const discriminator = z.strictObject(
  {
    width: z._default(
      whole(1, 65536).check(
        z.describe("Filters of the discriminators' first convolution; doubled layer by layer, up to 8 times."),
      ),
      64,
    ),
    layers: z.optional(
      whole(1, 10).check(
        z.describe(
          "Layers of the PatchGAN discriminators: more layers judge larger patches (3: 70 × 70 pixels). By default 3, for volumes 2.",
        ),
      ),
    ),
  },
  "an object with the discriminators' settings",
);

const network = z.strictObject(
  {
    kind: z._default(
      choice(["revgan", "cyclegan", "pix2pix"]).check(
        z.describe(
          "The model: revgan (reversible, both modes), or for comparison cyclegan (unpaired) or pix2pix (paired, A to B only).",
        ),
      ),
      "revgan",
    ),
    dimensions: z._default(
      z.literal([2, 3], "2 (images) or 3 (volumes)").check(z.describe("2 for images, 3 for volumes.")),
      2,
    ),
    depth: z._default(
      whole(0, 10_000).check(
        z.describe(
          "Reversible blocks of the core, whose memory does not grow with them (backprop recompute); for cyclegan and pix2pix residual blocks, which store. A U-Net has as many levels as its name says.",
        ),
      ),
      9,
    ),
    width: z._default(whole(1, 65536).check(z.describe("Filters of the generator's first convolution.")), 64),
    downsampling: z.optional(
      whole(0, 8).check(
        z.describe(
          "Stride-2 stages of the encoder; each halves the sides and doubles the channels. By default 2, for volumes 1.",
        ),
      ),
    ),
    coupling: z._default(
      choice(["additive", "affine"]).check(
        z.describe(
          "How a reversible block joins its two halves: additive as in the paper, or affine (bounded scale and shift).",
        ),
      ),
      "additive",
    ),
    backprop: z._default(
      choice(["recompute", "checkpoint", "store"]).check(
        z.describe(
          "What the core keeps for the backward pass: recompute keeps only its output (memory does not grow with depth), checkpoint every √depth-th block, store everything (fastest). The gradients are the same. cyclegan and pix2pix have nothing to recompute: they always store.",
        ),
      ),
      "recompute",
    ),
    inputChannels: z._default(whole(1, 65536).check(z.describe("Channels of domain A: 3 for colour, 1 for gray.")), 3),
    outputChannels: z._default(whole(1, 65536).check(z.describe("Channels of domain B: 3 for colour, 1 for gray.")), 3),
    generator: z._default(
      choice(["resnet", "unet128", "unet256"]).check(
        z.describe(
          "The generator's shape: resnet, with depth blocks, or for pix2pix a U-Net as in its paper, which takes sides that are multiples of 128 or 256 and needs no depth or downsampling.",
        ),
      ),
      "resnet",
    ),
    norm: z._default(
      choice(["instance", "batch"]).check(
        z.describe(
          "Normalisation after each convolution: instance, as RevGAN and CycleGAN have it, or batch (cyclegan and pix2pix), as in the pix2pix paper. Both take the statistics of the pictures at hand, also when translating.",
        ),
      ),
      "instance",
    ),
    dropout: z._default(
      yesOrNo().check(
        z.describe(
          "Dropout of one half in the generator (cyclegan and pix2pix), also when translating, as pix2pix uses it. Drawn from the seed.",
        ),
      ),
      false,
    ),
    discriminator: z.prefault(discriminator.check(z.describe("The PatchGAN discriminators.")), {}),
  },
  "an object with the network's settings",
);

const intensity = z.strictObject(
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
        .check(z.describe("What becomes −1. By default percentile 0.5, or −3 standard deviations; a window needs it.")),
    ),
    high: z.optional(
      z
        .number("a number")
        .check(z.describe("What becomes 1. By default percentile 99.5, or 3 standard deviations; a window needs it.")),
    ),
  },
  "an object with kind, low and high",
);

const folders = z.strictObject(
  { a: folderName(), b: folderName() },
  "an object with the folder names a and b, or null",
);

const factors = () => {
  const phrase = "three numbers above 0, [depth, height, width]";
  const factor = () => z.number(phrase).check(z.gt(0, phrase), z.lte(100, phrase));
  return z.tuple([factor(), factor(), factor()], phrase);
};

const upsampling = z.strictObject(
  { a: factors().check(z.describe("Of A.")), b: factors().check(z.describe("Of B.")) },
  "an object with the factors a and b, or null",
);

const data = z.strictObject(
  {
    path: z._default(
      z
        .nullable(z.string("the path of a folder").check(z.minLength(1, "the path of a folder")))
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
);

const positiveRate = () => {
  const phrase = "a number above 0, up to 1";
  return z.number(phrase).check(z.gt(0, phrase), z.lte(1, phrase));
};

const training = z.strictObject(
  {
    epochs: z._default(whole(0).check(z.describe("Epochs at the full learning rate.")), 100),
    decayEpochs: z._default(
      whole(0).check(z.describe("Further epochs over which the learning rate falls linearly to 0.")),
      100,
    ),
    maxSteps: z._default(
      z
        .nullable(whole(0))
        .check(
          z.describe(
            "Stop after this many steps, whatever the epochs; null: never. 0 writes a checkpoint of the initial weights.",
          ),
        ),
      null,
    ),
    batchSize: z._default(whole(1, 65536).check(z.describe("Images a step; the paper uses 1.")), 1),
    learningRate: z._default(positiveRate().check(z.describe("Adam's learning rate.")), 0.0002),
    beta1: z._default(momentum().check(z.describe("Adam's decay of the first moment.")), 0.5),
    beta2: z._default(momentum().check(z.describe("Adam's decay of the second moment.")), 0.999),
    lambdaCycle: z._default(weight().check(z.describe("Weight of the cycle loss (unpaired).")), 10),
    lambdaIdentity: z.optional(
      weight().check(
        z.describe(
          "Weight of the identity loss (unpaired), as a share of lambdaCycle. By default 0.5; 0 for volumes and for different channel counts.",
        ),
      ),
    ),
    lambdaL1: z._default(weight().check(z.describe("Weight of the L1 loss (paired).")), 100),
    poolSize: z.optional(
      whole(0, 100_000).check(
        z.describe("Older translations that the discriminators are shown again; 0: none. By default 50, paired 0."),
      ),
    ),
    seed: z._default(whole(0, 4294967295).check(z.describe("Same seed, same run.")), 0),
    sampleEvery: z._default(whole(0).check(z.describe("Steps between sample pictures; 0: never.")), 100),
    checkpointEvery: z._default(
      whole(0).check(z.describe("Steps between checkpoints; 0: only at the end. The last step always writes one.")),
      500,
    ),
    keepCheckpoints: z._default(whole(1).check(z.describe("How many of the newest checkpoints stay on disk.")), 3),
    validateEvery: z._default(
      whole(0).check(
        z.describe(
          "Steps between validations on the pairs of val (or of valA and valB: files of one name); 0: never. The checkpoint of the best one, whose mean absolute error over the directions is smallest, is kept beside the newest.",
        ),
      ),
      0,
    ),
    earlyStop: z._default(
      whole(0).check(
        z.describe("End after this many validations that were no better than the best before them; 0: never."),
      ),
      0,
    ),
  },
  "an object with the training's settings",
);

/** The configuration as written by a user: every key may be left out. */
export const configSchema = z.strictObject(
  {
    $schema: z.optional(z.string("the address of a JSON Schema").check(z.describe("For editors; ignored."))),
    mode: z.optional(
      choice(["unpaired", "paired"]).check(
        z.describe(
          "unpaired: two folders of images without correspondence; paired: each image of A has its counterpart in B. By default unpaired, for pix2pix paired.",
        ),
      ),
    ),
    network: z.prefault(network.check(z.describe("What is trained.")), {}),
    data: z.prefault(data.check(z.describe("What it is trained on.")), {}),
    training: z.prefault(training.check(z.describe("How it is trained.")), {}),
    engine: z._default(
      choice(["auto", "native-gpu", "native", "wasm"]).check(
        z.describe(
          "What computes: auto takes the fastest that works here; native-gpu and native are TensorFlow, wasm needs nothing else.",
        ),
      ),
      "auto",
    ),
    gpu: z._default(z.nullable(whole(0, 1023)).check(z.describe("Number of the GPU to use; null: any.")), null),
  },
  "an object",
);

export type WrittenConfig = z.infer<typeof configSchema>;
