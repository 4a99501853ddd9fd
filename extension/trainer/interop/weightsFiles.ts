import { readdir, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { RevganError } from "../../protocol/errors";
import { readLimited, whyUnreadable } from "../../files/limitedRead";
import type { NamedTensors } from "./pytorch";
import { decodeSafetensors, maxFileBytes } from "./safetensors";
import { decodeTorchFile, isTorchFile } from "./torch/torchFile";

/** File endings of weights that PyTorch saved. */
const torchEndings = [".pth", ".pt"];

/** Endings of files of weights in lower case, with the dot. */
export const weightsEndings: readonly string[] = [".safetensors", ...torchEndings];

/** A file of weights. */
export interface WeightsFile {
  readonly file: string;
  /** The network that the file is named after, for example `G_A` for `latest_net_G_A.pth`; null where its name has another form. */
  readonly network: string | null;
  /** The tensors under the names that the file gives them. */
  readonly tensors: NamedTensors;
}

/** The file, or the files of a folder, that hold the weights of a network. */
export interface GivenWeights {
  /** The path that the user gave. */
  readonly path: string;
  readonly files: readonly WeightsFile[];
  /** Which epoch was chosen of a folder with several, as text for the user; null where there was no choice. */
  readonly chosen: string | null;
}

/**
 * Reads the weights that the user names: a file with all networks, a file with one network, or a folder in which the CycleGAN, pix2pix or
 * RevGAN code saved a file for each network. Formats are recognised by content: safetensors, and PyTorch's two.
 *
 * @throws RevganError `input` for a file that cannot be read, `checkpoint` for one without weights, naming the file
 */
export async function readWeights(path: string): Promise<GivenWeights> {
  if (!(await isFolder(path))) return { path, files: [await readWeightsFile(path)], chosen: null };
  const { epoch, others, names } = latestIn(path, await readdir(path));
  const files: WeightsFile[] = [];
  for (const name of names) files.push(await readWeightsFile(join(path, name)));
  return { path, files, chosen: others.length === 0 ? null : `those of ${epoch} (also there: ${others.join(", ")})` };
}

/**
 * The path of the complete set of weights that a file belongs to: its folder, if the file is one of the networks that would be read from
 * there, else the file itself.
 */
export async function wholeSetOf(path: string): Promise<string> {
  if ((await isFolder(path)) || nameParts(basename(path)) === null) return path;
  const { names } = latestIn(dirname(path), await readdir(dirname(path)));
  return names.length > 1 && names.includes(basename(path)) ? dirname(path) : path;
}

/** Whether a path is a folder; false for a missing path, whose error is reported when it is read. */
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

/** The epoch and the network in a name like `latest_net_G_A.pth`, `20_net_G.pth` or `iter_5000_net_D.pth`; null for other names. */
function nameParts(name: string): { readonly epoch: string; readonly network: string } | null {
  if (!weightsEndings.includes(extname(name).toLowerCase())) return null;
  const [, epoch = "", network] = /^(?:(.+)_)?net_(\w+)\.\w+$/.exec(name) ?? [];
  return network === undefined ? null : { epoch, network };
}

/** The files of a folder's last epoch, which is `latest`, else the one with the highest number. */
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

/** The order of epochs, later ones higher. Numbers of iterations rank below those of epochs, and other names lowest. */
function rank(epoch: string): number {
  if (epoch === "latest") return Infinity;
  const [, iterations, number] = /^(iter_)?(\d+)$/.exec(epoch) ?? [];
  if (number === undefined) return -1;
  return iterations === undefined ? Number(number) : Number(number) / Number.MAX_SAFE_INTEGER;
}
