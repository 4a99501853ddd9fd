import * as z from "zod/mini";
import { dataSchema } from "./dataSchema";
import {
  choice,
  gpuChoice,
  momentum,
  nameBeginnings,
  path,
  positiveRate,
  weight,
  whole,
  yesOrNo,
} from "./schemaValues";

/**
 * The schema of `revgan.json`: types, limits, defaults, and the texts that the editor shows on hovering over a key.
 *
 * Keys whose default depends on other keys are optional here and filled by `fillDefaults`.
 */

const discriminator = z.lazy(() =>
  z.strictObject(
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
  ),
);

const network = z.lazy(() =>
  z.strictObject(
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
      memoryBudget: z._default(
        z
          .nullable(whole(1))
          .check(
            z.describe(
              "With backprop recompute, bytes that the tensors of a step may take in all: as many blocks are stored as fit, and only the others are recomputed, which is faster. null: all are recomputed, in the least memory. The gradients are the same.",
            ),
          ),
        null,
      ),
      inputChannels: z._default(
        whole(1, 65536).check(z.describe("Channels of domain A: 3 for colour, 1 for gray.")),
        3,
      ),
      outputChannels: z._default(
        whole(1, 65536).check(z.describe("Channels of domain B: 3 for colour, 1 for gray.")),
        3,
      ),
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
  ),
);

const training = z.lazy(() =>
  z.strictObject(
    {
      init: z._default(
        z
          .nullable(path("a file or folder of weights"))
          .check(
            z.describe(
              "Weights to start with, relative to this file: safetensors, or .pth of the CycleGAN, pix2pix and RevGAN code, as one file or a folder with a file a network. Discriminators that are not there start anew. null: all weights start at random.",
            ),
          ),
        null,
      ),
      initSkip: z._default(
        nameBeginnings().check(
          z.describe(
            "What the names of weights begin with that training.init does not set, in whole parts, for example G_B or G_A.model.26: they start at random.",
          ),
        ),
        [],
      ),
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
      warmup: z._default(
        whole(0).check(
          z.describe(
            "Steps over which the learning rate rises linearly from 0 at the beginning, for batches so large that the first steps at the full rate would lead astray; 0: none.",
          ),
        ),
        0,
      ),
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
        z
          .nullable(whole(0))
          .check(
            z.describe(
              "Steps between validations on pictures that are not trained on; 0: never; null: automatic, on some pictures of val or test where there are any, as often as takes at most 3% of the time. With a number, all pairs of val (or of valA and valB: files of one name; unpaired pictures without pairs as a set) are validated on, and the checkpoint of the best validation is kept beside the newest.",
            ),
          ),
        null,
      ),
      earlyStop: z._default(
        whole(0).check(
          z.describe(
            "End after this many validations that were no better than the best before them; 0: never. Needs a number in validateEvery.",
          ),
        ),
        0,
      ),
      tensorboard: z._default(
        yesOrNo().check(z.describe("Also write TensorBoard's event files, into the folder tensorboard of the run.")),
        false,
      ),
    },
    "an object with the training's settings",
  ),
);

/** The configuration as written by a user: every key may be left out. */
export const configSchema = z.lazy(() =>
  z.strictObject(
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
      data: z.prefault(dataSchema.check(z.describe("What it is trained on.")), {}),
      training: z.prefault(training.check(z.describe("How it is trained.")), {}),
      engine: z._default(
        choice(["auto", "native-gpu", "webgpu", "native", "wasm"]).check(
          z.describe(
            "What computes: auto takes the fastest that works here; native-gpu and native are TensorFlow, webgpu takes any GPU, wasm needs nothing else.",
          ),
        ),
        "auto",
      ),
      convolution: z._default(
        choice(["auto", "direct"]).check(
          z.describe(
            "How convolutions of stride 1 are computed by TensorFlow on a processor: auto multiplies less often where that is faster (Winograd's algorithm), with a slightly larger rounding error; direct never does.",
          ),
        ),
        "auto",
      ),
      gpu: z._default(
        gpuChoice().check(
          z.describe(
            "The GPU to use: its number in the engine's list, or a part of its name; null: any, but no software.",
          ),
        ),
        null,
      ),
    },
    "an object",
  ),
);

export type WrittenConfig = z.infer<typeof configSchema>;
