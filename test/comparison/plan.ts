import { createHash } from "node:crypto";
import { join } from "node:path";

/** A data set of pairs, A left and B right in one picture of 128² each, with its test split. */
export interface ComparisonData {
  readonly name: string;
  readonly path: string;
  /** What A and B are. */
  readonly domains: string;
}

/** A network and its objective. */
export interface Contender {
  readonly name: string;
  readonly mode: "paired" | "unpaired";
  readonly network: {
    readonly kind: "revgan" | "cyclegan" | "pix2pix";
    readonly width: number;
    readonly depth: number;
  };
}

/** One training of the comparison. */
export interface Trial {
  readonly data: ComparisonData;
  readonly contender: Contender;
  readonly seed: number;
}

const root = join(import.meta.dirname, "..");

export const data: readonly ComparisonData[] = [
  {
    name: "nuclei-labels",
    path: join(root, "media", "samples", "nuclei-labels"),
    domains: "stained tissue to label map, and back",
  },
  {
    name: "satellite-relief",
    path: join(root, "test", "comparison", "satellite-relief"),
    domains: "satellite picture to relief map, and back",
  },
];

/** Every contender takes as many steps, of one pair each: what a trial takes is minutes on one core. */
export const steps = 200;
export const seeds = [0, 1, 2] as const;
export const side = 128;

const usual = { width: 16, depth: 6 };
/** Discriminators of one width for all, so that only the generators differ. */
const discriminatorWidth = 32;

export const contenders: readonly Contender[] = [
  { name: "RevGAN", mode: "paired", network: { kind: "revgan", ...usual } },
  { name: "RevGAN, deeper", mode: "paired", network: { kind: "revgan", width: 16, depth: 18 } },
  { name: "RevGAN, wider", mode: "paired", network: { kind: "revgan", width: 24, depth: 6 } },
  { name: "pix2pix", mode: "paired", network: { kind: "pix2pix", ...usual } },
  { name: "RevGAN", mode: "unpaired", network: { kind: "revgan", ...usual } },
  { name: "RevGAN, deeper", mode: "unpaired", network: { kind: "revgan", width: 16, depth: 18 } },
  { name: "RevGAN, wider", mode: "unpaired", network: { kind: "revgan", width: 24, depth: 6 } },
  { name: "CycleGAN", mode: "unpaired", network: { kind: "cyclegan", ...usual } },
];

/** Seeds on the outside: a comparison that is broken off has every contender as often. */
export const trials: readonly Trial[] = seeds.flatMap((seed) =>
  data.flatMap((each) => contenders.map((contender) => ({ data: each, contender, seed }))),
);

/** The configuration of a trial, without the folder of its data. */
export function configurationOf({ contender, seed }: Omit<Trial, "data">): object {
  return {
    mode: contender.mode,
    network: { ...contender.network, discriminator: { width: discriminatorWidth } },
    data: { loadSize: side + 8, cropSize: side },
    training: { epochs: steps, maxSteps: steps, seed, sampleEvery: steps, checkpointEvery: 100, keepCheckpoints: 1 },
    engine: "native",
  };
}

/** Names a trial and its settings: a result of other settings is another trial's. */
export function keyOf(trial: Trial): string {
  const { data: of, contender, seed } = trial;
  const settings = createHash("sha256")
    .update(JSON.stringify(configurationOf(trial)))
    .digest("hex")
    .slice(0, 8);
  const name = contender.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return `${of.name}-${contender.mode}-${name}-${seed}-${settings}`;
}
