import { parseConfig } from "../../configuration/config";
import { unetLevels } from "../../configuration/defaults";
import type { FittingNetwork } from "../../protocol/trainer";
import { RevganError } from "../../protocol/errors";
import type { Shape } from "../kernels/tensor";
import { blockOf, sequenceNames } from "../models/revgan";
import { outlineOf } from "../training/network";
import { distinct, networkOf, nothingOf, startingWeights, withFullNames } from "./startingWeights";
import { readWeights, wholeSetOf } from "./weightsFiles";

/** Every network that a weights file may be named after. */
const networkNames = [
  "G_A",
  "G_B",
  "G",
  "G_A_enc",
  "G_core",
  "G_A_dec",
  "G_B_enc",
  "G_B_dec",
  "D_A",
  "D_B",
  "D_AB",
  "D_BA",
  "D",
];

/** Shapes of weights as PyTorch has them, by their full names. */
type Shapes = ReadonlyMap<string, Shape>;

/** The `network` part of a configuration, as far as weights determine it. */
type NetworkKeys = FittingNetwork["network"];

/**
 * Infers from names and shapes which network weights belong to: what a configuration must say to start with them.
 *
 * @param path of a file or folder; for a file that is one of a folder's networks the answer is for the folder
 * @throws RevganError as `readWeights`; `checkpoint` for weights that belong to no network of ours
 */
export async function fittingNetwork(path: string): Promise<FittingNetwork> {
  const given = await readWeights(await wholeSetOf(path));
  const files = given.files.map((file) => withFullNames(file, networkNames));
  const shapes: Shapes = new Map(
    files.flatMap(({ tensors }) => [...tensors].map(([name, { shape }]) => [name, shape])),
  );
  const needed = (name: string): Shape => {
    const shape = shapes.get(name);
    if (shape === undefined || shape.length < 4) throw nothingOf(networkOf(name), given);
    return shape;
  };
  const { network, mode } = describe(shapes, needed);
  const config = parseConfig({ mode: mode ?? undefined, network }, given.path);
  const outline = outlineOf(config);
  const there = distinct([...shapes.keys()].map(networkOf));
  const skip = distinct(outline.generators.map(({ name }) => networkOf(name))).filter((name) => !there.includes(name));
  // Checks that all weights fit the network, which was inferred from only some of them.
  startingWeights(given, skip, outline, config.network);
  return { path: given.path, mode, network, skip };
}

type Needed = (name: string) => Shape;

function describe(shapes: Shapes, needed: Needed): Pick<FittingNetwork, "network" | "mode"> {
  const names = [...shapes.keys()];
  const has = (network: string): boolean => names.some((name) => networkOf(name) === network);
  const of = (kind: string, keys: NetworkKeys, judge: string): NetworkKeys => ({
    kind,
    ...keys,
    ...discriminatorKeys(judge, shapes),
  });
  if (names.some((name) => blockOf(name) !== null)) {
    const mode = has("D_AB") || has("D_BA") ? "paired" : has("D_A") || has("D_B") ? "unpaired" : null;
    return { mode, network: of("revgan", revganKeys(names, shapes, needed), mode === "paired" ? "D_AB" : "D_A") };
  }
  if (has("G_A")) return { mode: "unpaired", network: of("cyclegan", resnetKeys("G_A", shapes, needed), "D_A") };
  if (has("G_B")) {
    const { inputChannels, outputChannels, ...keys } = resnetKeys("G_B", shapes, needed);
    const turned = { ...keys, inputChannels: outputChannels, outputChannels: inputChannels };
    return { mode: "unpaired", network: of("cyclegan", turned, "D_A") };
  }
  if (shapes.has("G.model.model.0.weight"))
    return { mode: "paired", network: of("pix2pix", unetKeys(shapes, needed), "D") };
  const generator = resnetKeys("G", shapes, needed);
  // Instance norms and no discriminator: CycleGAN's generators are published like this.
  if (!has("D") && generator["norm"] === "instance") throw oneDirection();
  return { mode: "paired", network: of("pix2pix", generator, "D") };
}

function oneDirection(): RevganError {
  return new RevganError(
    "checkpoint",
    "latest_net_G.pth is one direction of a CycleGAN, or a pix2pix, which only its name can tell",
    "name that of a CycleGAN latest_net_G_A.pth if it translates A to B, else latest_net_G_B.pth; for a pix2pix write network.kind and training.init into revgan.json",
  );
}

/** The settings that an encoder, at the beginning of a sequence of modules, determines. */
function encoderKeys(
  sequence: string,
  shapes: Shapes,
  needed: Needed,
): { readonly keys: NetworkKeys; readonly stages: number } {
  const first = needed(`${sequence}.1.weight`);
  const [width, inputChannels] = [first[0]!, first[1]!];
  const isStage = (stage: number): boolean => {
    const shape = shapes.get(`${sequence}.${4 + 3 * stage}.weight`);
    // A decoder's convolution at the same place takes the other number of channels.
    return shape?.length === first.length && shape[0] === width * 2 ** (stage + 1) && shape[1] === width * 2 ** stage;
  };
  let stages = 0;
  while (isStage(stages)) stages++;
  return { keys: { dimensions: first.length - 2, width, downsampling: stages, inputChannels }, stages };
}

function revganKeys(names: readonly string[], shapes: Shapes, needed: Needed): NetworkKeys {
  const sequences = names.some((name) => name.startsWith(`${sequenceNames.volumes.core}.`))
    ? sequenceNames.volumes
    : sequenceNames.images;
  return {
    ...encoderKeys(sequences.encoderA, shapes, needed).keys,
    outputChannels: needed(`${sequences.encoderB}.1.weight`)[1]!,
    depth: names.reduce((most, name) => Math.max(most, 1 + (blockOf(name) ?? -1)), 0),
    coupling: names.some((name) => name.includes(".NN_logs.")) ? "affine" : "additive",
  };
}

function resnetKeys(generator: string, shapes: Shapes, needed: Needed): NetworkKeys {
  const { keys, stages } = encoderKeys(`${generator}.model`, shapes, needed);
  const firstBlock = 4 + 3 * stages;
  const block = (depth: number): string => `${generator}.model.${firstBlock + depth}.conv_block`;
  // For volumes the block begins with a norm, so its convolutions have other numbers.
  const [first, second] = keys["dimensions"] === 3 ? [2, 6] : [1, 5];
  let depth = 0;
  while (shapes.has(`${block(depth)}.${first}.weight`)) depth++;
  return {
    ...keys,
    depth,
    outputChannels: needed(`${generator}.model.${firstBlock + depth + 3 * stages + 1}.weight`)[0]!,
    norm: shapes.has(`${generator}.model.2.weight`) ? "batch" : "instance",
    // Dropout is a module of its own, which increases the number of the second convolution by one.
    dropout: (shapes.get(`${block(0)}.${second + 1}.weight`)?.length ?? 0) > 1,
  };
}

function unetKeys(shapes: Shapes, needed: Needed): NetworkKeys {
  const outer = "G.model.model";
  const first = needed(`${outer}.0.weight`);
  let levels = 1;
  for (let path = `${outer}.1.model`; shapes.has(`${path}.1.weight`); path += ".3.model") levels++;
  const generator = Object.entries(unetLevels).find(([, each]) => each === levels)?.[0];
  if (generator === undefined)
    throw new RevganError(
      "checkpoint",
      `these weights are of a U-Net of ${levels} levels, and only those of 7 and 8 are known`,
      "use weights of unet_128 or unet_256",
    );
  const norm = shapes.has(`${outer}.1.model.2.weight`) ? "batch" : "instance";
  return {
    dimensions: first.length - 2,
    generator,
    width: first[0]!,
    inputChannels: first[1]!,
    outputChannels: needed(`${outer}.3.weight`)[1]!,
    norm,
    // Dropout has no weights; its authors use it together with batch norms.
    dropout: norm === "batch",
  };
}

/** The settings of a discriminator; empty where the weights have none, so that the defaults apply. */
function discriminatorKeys(name: string, shapes: Shapes): NetworkKeys {
  const modules = [...shapes]
    .filter(([each, shape]) => each.startsWith(`${name}.model.`) && shape.length >= 4)
    .map(([each]) => Number(each.split(".")[2]));
  const width = shapes.get(`${name}.model.0.weight`)?.[0];
  return width === undefined ? {} : { discriminator: { width, layers: (Math.max(...modules) - 2) / 3 } };
}
