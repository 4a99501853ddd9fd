import { readdir, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { RevganError } from "../../protocol/errors";
import { readLimited, whyUnreadable } from "../../files/limitedRead";
import type { NamedTensors } from "./pytorch";
import { decodeSafetensors, maxFileBytes } from "./safetensors";
import { decodeTorchFile, isTorchFile } from "./torch/torchFile";

/** Endings of the PyTorch code's files. */
const torchEndings = [".pth", ".pt"];

/** Endings of files of weights in lower case, with the dot. */
export const weightsEndings: readonly string[] = [".safetensors", ...torchEndings];

/** A file of weights. */
export interface WeightsFile {
  readonly file: string;
  /** The network that the file is named for, as `G_A` in `latest_net_G_A.pth`; null where it is named otherwise. */
  readonly network: string | null;
  /** As the file names them. */
  readonly tensors: NamedTensors;
}

/** The file, or the files of a folder, that hold the weights of a network. */
export interface GivenWeights {
  /** What the user named. */
  readonly path: string;
  readonly files: readonly WeightsFile[];
  /** What was chosen of a folder with the weights of several epochs; null where there was nothing to choose. */
  readonly chosen: string | null;
}

/**
 * Reads weights that the user names: a file with all networks, a file of one network, or a folder in which the CycleGAN, pix2pix or RevGAN
 * code saved a file a network. Formats are told by content: safetensors, and both of PyTorch's.
 *
 * @throws RevganError `input` for what cannot be read, `checkpoint` for what holds no weights, naming the file
 */
export async function readWeights(path: string): Promise<GivenWeights> {
  if (!(await isFolder(path))) return { path, files: [await readWeightsFile(path)], chosen: null };
  const { epoch, others, names } = latestIn(path, await readdir(path));
  const files: WeightsFile[] = [];
  for (const name of names) files.push(await readWeightsFile(join(path, name)));
  return { path, files, chosen: others.length === 0 ? null : `those of ${epoch} (also there: ${others.join(", ")})` };
}

/**
 * What to start with where the user points at one file: its folder, where it is one of the networks that would be read from there, else the
 * file.
 */
export async function wholeSetOf(path: string): Promise<string> {
  if ((await isFolder(path)) || nameParts(basename(path)) === null) return path;
  const { names } = latestIn(dirname(path), await readdir(dirname(path)));
  return names.length > 1 && names.includes(basename(path)) ? dirname(path) : path;
}

/** Whether a path is a folder. A path that leads nowhere is no folder, and is told of when it is read. */
async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

async function readWeightsFile(file: string): Promise<WeightsFile> {
  let bytes: Buffer;
  try {
    bytes = await readLimited(file, maxFileBytes);
  } catch (error) {
    throw new RevganError("input", `${file} ${whyUnreadable(error)}`, "name a file or folder of weights");
  }
  return { file, network: nameParts(basename(file))?.network ?? null, tensors: await decode(bytes, file) };
}

async function decode(bytes: Buffer, file: string): Promise<NamedTensors> {
  if (isTorchFile(bytes)) return decodeTorchFile(bytes, file);
  if (!torchEndings.includes(extname(file).toLowerCase())) return decodeSafetensors(bytes, file);
  throw new RevganError(
    "checkpoint",
    `${file} is not a whole PyTorch file: it begins with neither of PyTorch's two formats`,
    "get the file again, or use another",
  );
}

/** What a name as `latest_net_G_A.pth`, `20_net_G.pth` or `iter_5000_net_D.pth` says. */
function nameParts(name: string): { readonly epoch: string; readonly network: string } | null {
  if (!weightsEndings.includes(extname(name).toLowerCase())) return null;
  const [, epoch = "", network] = /^(?:(.+)_)?net_(\w+)\.\w+$/.exec(name) ?? [];
  return network === undefined ? null : { epoch, network };
}

/** The files of the last epoch in a folder: `latest`, else that with the highest number. */
function latestIn(
  folder: string,
  names: readonly string[],
): { readonly epoch: string; readonly others: readonly string[]; readonly names: readonly string[] } {
  const byEpoch = new Map<string, string[]>();
  for (const name of [...names].sort()) {
    const epoch = nameParts(name)?.epoch;
    if (epoch !== undefined) byEpoch.set(epoch, [...(byEpoch.get(epoch) ?? []), name]);
  }
  const [epoch, ...others] = [...byEpoch.keys()].sort((a, b) => rank(b) - rank(a));
  if (epoch === undefined)
    throw new RevganError(
      "input",
      `${folder} holds no file named like latest_net_G_A.pth`,
      "name the folder that the networks were saved into, or one file",
    );
  return { epoch, others, names: byEpoch.get(epoch)! };
}

/** Later epochs have higher ranks; numbers of iterations are below those of epochs, and other names last. */
function rank(epoch: string): number {
  if (epoch === "latest") return Infinity;
  const [, iterations, number] = /^(iter_)?(\d+)$/.exec(epoch) ?? [];
  if (number === undefined) return -1;
  return iterations === undefined ? Number(number) : Number(number) / Number.MAX_SAFE_INTEGER;
}
