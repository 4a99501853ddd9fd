import type { Config } from "../../configuration/config";
import { RevganError } from "../../protocol/errors";
import { startsAsIdentity } from "../models/buildingBlocks";
import { blockOf } from "../models/revgan";
import type { ParameterPlan } from "../nn/parameter";
import { fromPyTorch, type NamedTensors } from "./pytorch";
import { shownName } from "./torch/refusal";
import type { GivenWeights, WeightsFile } from "./weightsFiles";

/** The parameters of a network that is about to be trained. */
export interface NetworkOutline {
  readonly generators: readonly ParameterPlan[];
  readonly discriminators: readonly ParameterPlan[];
}

/** The values with which a network begins its training. */
export interface StartingWeights {
  /** Values by the parameters' names, in our layout; parameters without a value start as in a network without weights. */
  readonly values: ReadonlyMap<string, Float32Array>;
  /** Running statistics of batch norms, where there are any. */
  readonly statistics: NamedTensors;
  /** Lines for the user about what may be unexpected. */
  readonly notes: readonly string[];
}

/**
 * Finds the values of a network's parameters in files of weights. Anything that is missing or unknown is an error, with three exceptions:
 * discriminators, which published weights lack; names that begin with one of `skip`; and, where new blocks are the identity, the blocks
 * that a shallower network does not have.
 *
 * @param skip beginnings of names, in whole parts: `G_B` is one of `G_B.model.1.weight`, but not of `G_B_enc.model.1.weight`
 * @throws RevganError `checkpoint`, naming the file; `config` for a beginning in `skip` that no name has
 */
export function startingWeights(
  given: GivenWeights,
  skip: readonly string[],
  { generators, discriminators }: NetworkOutline,
  network: Pick<Config["network"], "kind" | "dimensions" | "depth">,
): StartingWeights {
  const plans = [...generators, ...discriminators];
  const all = given.files.map((file) => withFullNames(file, distinct([...namesOf(plans), ...skip].map(networkOf))));
  requireUsedSkips(skip, [...namesOf(plans), ...all.flatMap(({ tensors }) => [...tensors.keys()])], given);
  const files = all.map((file) => ({ ...file, tensors: without(file.tensors, skip) }));
  requireOneFileEach(files);
  const blocks = knownBlocks(all, network);
  const wanted = plans.filter(({ name }) => !isUnder(name, skip) && (blockOf(name) ?? -1) < blocks);
  const fresh = missingNetworks(wanted, files);
  const lacking = fresh.find((name) => !namesOf(discriminators).map(networkOf).includes(name));
  if (lacking !== undefined) throw nothingOf(lacking, given);
  return {
    values: new Map(files.flatMap((file) => [...valuesIn(file, wanted)])),
    statistics: new Map(files.flatMap(({ tensors }) => [...tensors])),
    notes: [
      `Starts with the weights of ${given.path}${given.chosen === null ? "" : `, ${given.chosen}`}`,
      ...(skip.length === 0 ? [] : [`Left as they start: the weights under ${skip.join(", ")}`]),
      ...(fresh.length === 0 ? [] : [`Not among the weights, and started anew: ${fresh.join(", ")}`]),
      ...(blocks >= network.depth
        ? []
        : [`Blocks ${blocks + 1} to ${network.depth} are new, and start as the identity`]),
    ],
  };
}

function namesOf(plans: readonly ParameterPlan[]): string[] {
  return plans.map(({ name }) => name);
}

/** The wanted networks of which the files have no tensor. */
function missingNetworks(wanted: readonly ParameterPlan[], files: readonly WeightsFile[]): string[] {
  const there = new Set(files.flatMap(({ tensors }) => [...tensors.keys()].map(networkOf)));
  return distinct(namesOf(wanted).map(networkOf)).filter((name) => !there.has(name));
}

/** The values that a file has for the networks in it; each of these must be complete. */
function valuesIn({ file, tensors }: WeightsFile, wanted: readonly ParameterPlan[]): Map<string, Float32Array> {
  const own = new Set([...tensors.keys()].map(networkOf));
  return fromPyTorch(
    tensors,
    wanted.filter(({ name }) => own.has(networkOf(name))),
    file,
  );
}

/** The first part of a parameter's name: the network that PyTorch's code saves in a file of its own. */
export function networkOf(name: string): string {
  return name.split(".")[0]!;
}

/** The file's tensors by names that begin with their network, without the `module` of PyTorch's DataParallel. */
export function withFullNames({ file, network, tensors }: WeightsFile, networks: readonly string[]): WeightsFile {
  const names = [...tensors.keys()].map((name) => name.replace(/^module\./, ""));
  // The first part of a name inside a network is never the name of a network.
  const areFull = names.some((name) => networks.includes(networkOf(name)));
  if (!areFull && network === null) throw namelessFile(file, names[0], networks);
  if (!areFull && !networks.includes(network!)) throw otherNetwork(file, network!, networks);
  const full = names.map((name) => (areFull ? name.replace(/^([^.]+)\.module\./, "$1.") : `${network!}.${name}`));
  return { file, network, tensors: new Map([...tensors.values()].map((tensor, i) => [full[i]!, tensor])) };
}

/** How many blocks of the core must be in the files: all, or only as many as a shallower network has where new blocks are the identity. */
function knownBlocks(
  files: readonly WeightsFile[],
  { kind, dimensions, depth }: Pick<Config["network"], "kind" | "dimensions" | "depth">,
): number {
  if (kind !== "revgan" || !startsAsIdentity(dimensions)) return depth;
  let blocks = 0;
  for (const { tensors } of files)
    for (const name of tensors.keys()) blocks = Math.max(blocks, 1 + (blockOf(name) ?? -1));
  return blocks === 0 ? depth : Math.min(blocks, depth);
}

function isUnder(name: string, beginnings: readonly string[]): boolean {
  return beginnings.some((beginning) => `${name}.`.startsWith(beginning.endsWith(".") ? beginning : `${beginning}.`));
}

function without(tensors: NamedTensors, skip: readonly string[]): NamedTensors {
  return new Map([...tensors].filter(([name]) => !isUnder(name, skip)));
}

export function distinct(names: readonly string[]): string[] {
  return [...new Set(names)];
}

function requireUsedSkips(skip: readonly string[], names: readonly string[], { path }: GivenWeights): void {
  const unused = skip.find((beginning) => !names.some((name) => isUnder(name, [beginning])));
  if (unused === undefined) return;
  throw new RevganError(
    "config",
    `no weight of this network or of ${path} is under ${shownName(unused)}, which is to be left as it starts`,
    `name what whole parts of names begin with, such as ${distinct(names.map(networkOf)).slice(0, 8).join(", ")}`,
  );
}

function requireOneFileEach(files: readonly WeightsFile[]): void {
  const holders = new Map<string, string>();
  for (const { file, tensors } of files) {
    for (const name of tensors.keys()) {
      const other = holders.get(name);
      if (other !== undefined)
        throw new RevganError("checkpoint", `${file} and ${other} both hold ${shownName(name)}`, "leave one of them");
      holders.set(name, file);
    }
  }
}

function namelessFile(file: string, first: string | undefined, networks: readonly string[]): RevganError {
  const what = first === undefined ? "holds no tensors" : `has ${shownName(first)}, which is`;
  return new RevganError(
    "checkpoint",
    `${file} ${what} of none of the networks ${networks.join(", ")}`,
    `use weights of these; a file of one network is named after it, for example latest_net_${networks[0]!}.pth`,
  );
}

function otherNetwork(file: string, network: string, networks: readonly string[]): RevganError {
  return new RevganError(
    "checkpoint",
    `${file} is named for ${shownName(network)}, which is none of the networks ${networks.join(", ")}`,
    `name the file after one of these, for example latest_net_${networks[0]!}.pth, or leave it out`,
  );
}

export function nothingOf(network: string, { path }: Pick<GivenWeights, "path">): RevganError {
  return new RevganError(
    "checkpoint",
    `${path} has no weights of the network ${network}`,
    `name a folder that also has latest_net_${network}.pth, or start it anew by --init-skip ${network}`,
  );
}
