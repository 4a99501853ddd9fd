import { networkGridSize, placedOf, partnersMapOrProblem } from "../volumes/grids";
import type { ImageInfo } from "./decoder/decoderProtocol";
import type { ImageSettings } from "./dataset/imageSettings";
import type { FileProblem } from "./decoder/decoderFiles";
import { sizeContains, sizeRoundedDown, sameSize, showSize, shortestSide, unitOf, type ImageSize } from "./picture";
import type { Source } from "./dataset/dataset";

/** The size of a source's half of its file; fractional where the width is odd, which is refused elsewhere. */
export function sizeOfSource(source: Source, { depth, height, width }: ImageSize): ImageSize {
  if (depth !== undefined) return { depth, height, width };
  return { height, width: source.half === "whole" ? width : width / 2 };
}

/** Why a readable image cannot be trained on, or null. */
export function fitProblem(
  source: Source,
  domain: "a" | "b",
  info: ImageInfo,
  settings: ImageSettings,
): FileProblem | null {
  const { file, half } = source;
  const { cropSize: crop, volumes } = settings;
  if (volumes !== null && info.channels !== settings.channels[domain])
    return wrongChannels(file, info.channels, settings.channels[domain]);
  const own = networkGridSize(sizeOfSource(source, info), domain, volumes);
  if (half !== "whole" && info.width % 2 === 1) return oddWidthProblem(file, info.width);
  const size = settings.loadSize ?? own;
  if (crop !== null && !sizeContains(size, crop)) return smallerThanCrop(file, half, size, crop);
  return sideProblem(source, own, settings);
}

/** Why an image is too small for the network, or null. @param own its size before it is resized */
export function sideProblem(
  { file, half }: Source,
  own: ImageSize,
  { loadSize, cropSize: crop, multiple, smallest }: ImageSettings,
): FileProblem | null {
  const size = loadSize ?? own;
  const side = shortestSide(crop ?? sizeRoundedDown(size, multiple));
  if (side < 1) return smallerThanMultiple(file, size, multiple);
  // Below this size a convolution of the discriminator has no output: engines return wrong values there without an error.
  return side < smallest ? smallerThanNetwork(file, half, size, smallest) : null;
}

export function oddWidthProblem(file: string, width: number): FileProblem {
  return {
    file,
    reason: `is ${width} pixels wide: A left and B right cannot have the same width`,
    remedy: "cut it to an even width",
  };
}

export function smallerThanCrop(file: string, half: Source["half"], size: ImageSize, crop: ImageSize): FileProblem {
  const each = half === "whole" ? "" : " a half";
  return {
    file,
    reason: `is ${showSize(size)} ${unitOf(size)}${each}, smaller than the crop of ${showSize(crop)}`,
    remedy: "set data.loadSize, or make data.cropSize smaller",
  };
}

export function smallerThanMultiple(file: string, size: ImageSize, multiple: number): FileProblem {
  return {
    file,
    reason: `is ${showSize(size)} ${unitOf(size)}, and the network takes multiples of ${multiple}`,
    remedy: "set data.loadSize, or remove the file",
  };
}

function smallerThanNetwork(file: string, half: Source["half"], size: ImageSize, smallest: number): FileProblem {
  const each = half === "whole" ? "" : " a half";
  return {
    file,
    reason: `is ${showSize(size)} ${unitOf(size)}${each}, and this network takes at least ${smallest} × ${smallest}${size.depth === undefined ? "" : ` × ${smallest}`}`,
    remedy: "set data.loadSize, or network.discriminator.layers to fewer",
  };
}

/** Why two images cannot be a pair, or null; also null for unreadable ones, which have a problem already. */
export function pairProblem(
  a: Source,
  b: Source,
  infos: ReadonlyMap<string, ImageInfo>,
  settings: ImageSettings,
): FileProblem | null {
  const infoA = infos.get(a.file);
  const infoB = infos.get(b.file);
  if (infoA === undefined || infoB === undefined || settings.loadSize !== null) return null;
  const sizeA = sizeOfSource(a, infoA);
  const sizeB = sizeOfSource(b, infoB);
  if (sameSize(sizeA, sizeB)) return null;
  if (settings.volumes === null) return unequalPair(a.file, sizeA, b.file, sizeB);
  const map = partnersMapOrProblem(placedOf(a.file, infoA), placedOf(b.file, infoB));
  return "reason" in map ? map : null;
}

export function wrongChannels(file: string, found: number, wanted: number): FileProblem {
  const many = found === 1 ? "1 channel" : `${found} channels`;
  return {
    file,
    reason: `has ${many}, and the network takes ${wanted}`,
    remedy: "set network.inputChannels (of A) and network.outputChannels (of B) to what the files have",
  };
}

export function unequalPair(a: string, sizeA: ImageSize, b: string, sizeB: ImageSize): FileProblem {
  return {
    file: a,
    reason: `is ${showSize(sizeA)} ${unitOf(sizeA)} and its partner ${b} is ${showSize(sizeB)}`,
    remedy: "give both the same size, or set data.loadSize",
  };
}
