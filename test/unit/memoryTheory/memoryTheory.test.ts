import { beforeAll, describe, expect, it } from "vitest";
import type { Config } from "../../../extension/configuration/config";
import type { BackpropMode, MemoryShares } from "../../../extension/protocol/lines";
import { backpropsOf } from "../../../extension/configuration/networkKind";
import { CountingKernels } from "../../../extension/trainer/kernels/countingKernels";
import type { Kernels } from "../../../extension/trainer/kernels/kernels";
import { measureStep } from "../../../extension/trainer/memoryMeasurement/measureStep";
import { MemoryTheory } from "../../../extension/trainer/memoryTheory/memoryTheory";
import { memoryCurve } from "../../../extension/trainer/memoryTheory/networkCosts";
import { expectNoLeaks, kernelsOf } from "../../support/engines";
import { configOf, type Written } from "../../support/smallNetworks";

// Small operations: TensorFlow's threads would only wait for each other.
process.env.TF_NUM_INTRAOP_THREADS = "1";

const backprops = ["recompute", "checkpoint", "store"] as const satisfies readonly BackpropMode[];
function theoryOf(config: Config, depth = config.network.depth, backprop = config.network.backprop): MemoryShares {
  return new MemoryTheory(config).at({ depth, backprop });
}

async function measured(k: Kernels, config: Config, depth: number, backprop: BackpropMode): Promise<MemoryShares> {
  return (await measureStep(k, { ...config, network: { ...config.network, depth, backprop } })).measured;
}

/** Each property is shown once; at length in every mode of backpropagation and on every engine. */
const isFull = process.env.REVGAN_TEST_FULL === "1";

/** What is different in the core, with the mode of backpropagation that shows it where only one does. */
const cores: [string, Written, BackpropMode][] = [
  ["unpaired, additive", {}, "recompute"],
  ["paired, additive", { mode: "paired" }, "store"],
  ["unpaired, affine", { network: { coupling: "affine" } }, "store"],
  ["paired, affine", { mode: "paired", network: { coupling: "affine" } }, "recompute"],
  ["no blocks", { network: { depth: 0 } }, "checkpoint"],
  ["one block", { network: { depth: 1 } }, "store"],
  ["ten blocks, of which the last segment is shorter", { network: { depth: 10 } }, "checkpoint"],
  ["several pictures a step", { training: { batchSize: 3 } }, "checkpoint"],
  ["several large pictures a step", { cropSize: 96, training: { batchSize: 2 } }, "recompute"],
];

/** What is different around it. */
const surroundings: [string, Written][] = [
  ["a wider network", { network: { width: 24 } }],
  ["no downsampling", { network: { downsampling: 0 } }],
  ["three stages of downsampling", { network: { downsampling: 3 } }],
  ["gray to colour", { network: { inputChannels: 1 } }],
  ["colour to gray, paired", { mode: "paired", network: { outputChannels: 1 } }],
  ["a shallow discriminator", { network: { discriminator: { width: 4, layers: 1 } } }],
  [
    "a discriminator of more filters than eight times its width",
    { cropSize: 96, network: { discriminator: { width: 4, layers: 5 } } },
  ],
  ["a discriminator larger than the generators", { network: { width: 4, discriminator: { width: 32, layers: 3 } } }],
  [
    "discriminators with hundreds of filters",
    { cropSize: 96, network: { width: 4, discriminator: { width: 64, layers: 3 } } },
  ],
  ["pictures that are not square, with a remainder in the discriminator", { cropSize: [36, 52] }],
  ["no cycle loss", { training: { lambdaCycle: 0 } }],
  ["no identity loss", { training: { lambdaIdentity: 0 } }],
  ["no L1 loss", { mode: "paired", training: { lambdaL1: 0 } }],
  ["losses of weight 1", { training: { lambdaCycle: 1, lambdaIdentity: 1 } }],
  ["no image pool", { training: { poolSize: 0 } }],
  ["an image pool of pairs", { mode: "paired", training: { poolSize: 2 } }],
];

/** Networks that store. */
const storing: [string, Written][] = [
  ["a CycleGAN", { network: { kind: "cyclegan" } }],
  ["a CycleGAN without blocks", { network: { kind: "cyclegan", depth: 0 } }],
  [
    "a CycleGAN of many blocks, gray to colour, two pictures a step",
    { network: { kind: "cyclegan", depth: 9, inputChannels: 1 }, training: { batchSize: 2 } },
  ],
  ["a pix2pix", { network: { kind: "pix2pix" } }],
  [
    "a pix2pix, several gray pictures to colour a step",
    { network: { kind: "pix2pix", inputChannels: 1, depth: 7 }, training: { batchSize: 2 } },
  ],
  ["a pix2pix without L1", { network: { kind: "pix2pix" }, training: { lambdaL1: 0 } }],
  ["a pix2pix with a pool", { network: { kind: "pix2pix" }, training: { poolSize: 2 } }],
  [
    "a pix2pix whose discriminator is larger than its generator",
    { network: { kind: "pix2pix", width: 2, depth: 1, discriminator: { width: 32, layers: 3 } } },
  ],
  [
    "a CycleGAN with batch norms, several pictures a step",
    { network: { kind: "cyclegan", norm: "batch" }, training: { batchSize: 2 } },
  ],
  ["a CycleGAN with dropout", { network: { kind: "cyclegan", dropout: true } }],
  ["a pix2pix with batch norms and dropout", { network: { kind: "pix2pix", norm: "batch", dropout: true } }],
  ["a U-Net", { network: { kind: "pix2pix", generator: "unet128", width: 2 }, cropSize: 128 }],
  [
    "a U-Net with batch norms and dropout, as in the paper",
    { network: { kind: "pix2pix", generator: "unet256", width: 2, norm: "batch", dropout: true }, cropSize: 256 },
  ],
  [
    "a U-Net of several pictures a step, colour to gray",
    {
      network: { kind: "pix2pix", generator: "unet128", width: 2, norm: "batch", outputChannels: 1 },
      cropSize: [128, 256],
      training: { batchSize: 2 },
    },
  ],
  ["a CycleGAN of volumes", { network: { dimensions: 3, width: 4, kind: "cyclegan" }, cropSize: 16 }],
  [
    "a pix2pix of volumes with batch norms",
    {
      network: { dimensions: 3, width: 4, kind: "pix2pix", norm: "batch", dropout: true },
      cropSize: 16,
      training: { batchSize: 2 },
    },
  ],
  ["a CycleGAN without downsampling", { network: { kind: "cyclegan", downsampling: 0, width: 4 } }],
];

/** Networks for volumes. */
const solid = { dimensions: 3, width: 4, inputChannels: 1, outputChannels: 1 };
const solids: [string, Written, BackpropMode][] = [
  ["unpaired volumes", { network: solid, cropSize: 16 }, "store"],
  [
    "paired volumes that are not cubes, with a remainder in the discriminator",
    { mode: "paired", network: solid, cropSize: [14, 18, 22] },
    "recompute",
  ],
  ["unpaired volumes, affine", { network: { ...solid, coupling: "affine" }, cropSize: 16 }, "checkpoint"],
  [
    "paired volumes, affine, of several channels",
    { mode: "paired", network: { ...solid, coupling: "affine", inputChannels: 2, outputChannels: 5 }, cropSize: 16 },
    "store",
  ],
  [
    "several volumes a step, with identity losses",
    { network: solid, cropSize: 16, training: { batchSize: 2, lambdaIdentity: 0.5 } },
    "recompute",
  ],
  ["deep volumes", { network: { ...solid, depth: 10 }, cropSize: 16 }, "checkpoint"],
  [
    "volumes without blocks, downsampled twice",
    { network: { ...solid, depth: 0, downsampling: 2 }, cropSize: 16 },
    "checkpoint",
  ],
  [
    "volumes as wide as they are downsampled not at all",
    { network: { ...solid, width: 16, downsampling: 0 }, cropSize: 12 },
    "recompute",
  ],
];

const cases = [
  ...[...solids, ...cores].flatMap(([name, written, shown]) =>
    backprops.filter((backprop) => isFull || backprop === shown).map((backprop) => ({ name, written, backprop })),
  ),
  ...surroundings.map(([name, written]) => ({ name, written, backprop: "recompute" as const })),
  ...storing.map(([name, written]) => ({ name, written, backprop: "store" as const })),
];

describe("the theory of memory and a measured step", () => {
  let k: Kernels;
  beforeAll(async () => {
    k = await kernelsOf("native");
  });
  expectNoLeaks(() => k);

  it.each(cases)("agree to the byte on native: $name, $backprop", async ({ written, backprop }) => {
    const config = configOf(written);
    expect(theoryOf(config, config.network.depth, backprop)).toEqual(
      await measured(k, config, config.network.depth, backprop),
    );
  });
});

describe("the theory of memory", () => {
  const affine = { coupling: "affine", inputChannels: 1 };
  const unlike: [string, Written][] = [
    ["unpaired", {}],
    ["paired, affine, gray to colour", { mode: "paired", network: affine }],
    ["volumes", { network: solid, cropSize: 16 }],
    ["a CycleGAN with batch norms and dropout", { network: { kind: "cyclegan", norm: "batch", dropout: true } }],
  ];
  const depths = isFull ? Array.from({ length: 65 }, (_, depth) => depth) : [0, 1, 2, 3, 5, 9, 10, 17];

  // Kernels that count run the trainer's own step: every layer of every block, and the pool.
  it.each(unlike)("is that of a step that is run whole, at any depth: %s", async (_, written) => {
    const config = configOf({ ...written, network: { ...written.network, width: 2 } });
    const theory = new MemoryTheory(config);
    for (const backprop of backpropsOf(config.network)) {
      for (const depth of depths) {
        const whole = await measured(new CountingKernels("native", true), config, depth, backprop);
        expect(theory.at({ depth, backprop }), `${backprop} ${depth}`).toEqual(whole);
      }
    }
  });
});

describe("memory along depths", () => {
  /** A pause after each depth that was counted. */
  function curveOf(theory: MemoryTheory, backprop: BackpropMode, depths: readonly number[]) {
    const curve = memoryCurve(theory, backprop, depths);
    let next = curve.next();
    let counted = 0;
    for (; next.done !== true; next = curve.next()) counted++;
    return { shares: next.value, counted };
  }
  const every = Array.from({ length: isFull ? 65 : 33 }, (_, depth) => depth);
  const even = every.filter((depth) => depth % 2 === 0);

  // A small network on large pictures and a large one on small pictures: their peaks lie at other moments.
  const sizes: [string, Written][] = [
    ["small", {}],
    ["large pictures", { network: { width: 2 }, cropSize: 128 }],
    ["small pictures", { network: { width: 32 }, cropSize: 16 }],
    ["no identity loss", { training: { lambdaIdentity: 0 } }],
    ["large discriminators", { network: { width: 2, discriminator: { width: 64, layers: 3 } } }],
  ];
  const deep = storing.filter(([name]) => !name.includes("U-Net"));
  const more = isFull ? [...cores, ...solids, ...surroundings, ...deep] : [...cores.slice(1, 4), deep[1]!];
  it.each([...sizes, ...more].map(([name, written]) => [name, written] as const))(
    "is what is counted at each: %s",
    (_, written) => {
      const config = configOf(written);
      const theory = new MemoryTheory(config);
      for (const backprop of backpropsOf(config.network))
        expect(curveOf(theory, backprop, every).shares).toEqual(every.map((depth) => theory.at({ depth, backprop })));
    },
  );

  it("is counted at few of them where it is convex", () => {
    const theory = new MemoryTheory(configOf({}));
    expect(backprops.map((backprop) => curveOf(theory, backprop, even).counted)).toEqual([4, even.length, 4]);
    expect(curveOf(theory, "store", [3])).toEqual({ shares: [theory.at({ depth: 3, backprop: "store" })], counted: 1 });
    expect(curveOf(theory, "store", [0, 1]).counted).toBe(2);
  });
});

describe("the theory of memory on wasm", () => {
  let k: Kernels;
  beforeAll(async () => {
    k = await kernelsOf("wasm");
  });
  expectNoLeaks(() => k);

  // The engine makes one of our operations of several, and what these make on the way is in the measurement alone.
  it.each([
    ["paired", {}, 1.05, "checkpoint"],
    ["unpaired", {}, 1.05, "recompute"],
    // The smaller a volume, the more of its stack is what lies over its edges.
    ["unpaired", { network: { ...solid, width: 8 }, cropSize: 16 }, 2, "store"],
  ] as const)(
    "%s, %o, is exact but for what lives inside one operation, which is the same at any depth",
    async (mode, written, most, shown) => {
      for (const backprop of isFull ? backprops : [shown]) {
        const config = configOf({ ...written, mode, engine: "wasm" });
        const beyond = [];
        for (const depth of [2, 6]) {
          const [theory, found] = [theoryOf(config, depth, backprop), await measured(k, config, depth, backprop)];
          const [atPeak, largest] = [
            found.peak - theory.peak,
            found.largestActivations - theory.largestActivations,
          ] as const;
          beyond.push({ atPeak, largest });
          expect(found).toEqual({
            ...theory,
            peak: found.peak,
            activations: theory.activations + atPeak,
            largestActivations: found.largestActivations,
          });
          expect(found.peak).toBeLessThan(most * theory.peak);
          expect(found.largestActivations).toBeLessThan((most + 0.05) * theory.largestActivations);
        }
        expect(beyond[0]!.atPeak).toBeGreaterThanOrEqual(0);
        expect(beyond[0]!.largest).toBeGreaterThanOrEqual(0);
        expect(beyond[1]).toEqual(beyond[0]);
      }
    },
  );
});

describe("the theory of networks that store, on wasm", () => {
  let k: Kernels;
  beforeAll(async () => {
    k = await kernelsOf("wasm");
  });
  expectNoLeaks(() => k);

  // What an operation makes on the way may put the peak at another moment, with more or fewer gradients.
  const small = storing.filter(([name]) => !/U-Net|volumes/.test(name));
  it.each(isFull ? small : small.filter(([name]) => /many blocks|with a pool|batch norms/.test(name)))(
    "is at most a few percent below: %s",
    async (_, written) => {
      const config = configOf({ ...written, engine: "wasm" });
      const [theory, found] = [theoryOf(config), await measured(k, config, config.network.depth, "store")];
      expect(found).toMatchObject({ weights: theory.weights, moments: theory.moments });
      expect(found.peak / theory.peak).toBeGreaterThanOrEqual(1);
      expect(found.peak / theory.peak).toBeLessThan(1.1);
    },
  );
});
