import { channels, type Shape } from "./tensor";

/*
 * The scratch memory of Winograd's convolutions. It must follow how native/winogradConvolution.h and native/winogradFilterGradient.h divide
 * their work: these operations fail if the given number of bytes is not exactly the one that they need.
 */

/** Number of factors in a tile of 6×6 elements after Winograd's transform; each enters one product. */
const winogradFactors = 36;

/** Floats that are left free between the arrays of factors. */
const winogradSkew = 16;

/** Rounds a number of channels up to a multiple of `multiple`. */
function upTo(multiple: number, count: number): number {
  return Math.ceil(count / multiple) * multiple;
}

/** Number of tiles into which a Winograd convolution divides its output, by the side of its filter. */
function winogradTiles([n, height, width]: Shape, size: number): number {
  return n! * Math.ceil(height! / (7 - size)) * Math.ceil(width! / (7 - size));
}

/** Number of tiles in a round: those whose factors are in memory at the same time. */
function winogradRound(tiles: number, inputs: number): number {
  const limit = Math.max(64, Math.floor(2 ** 20 / (winogradFactors * upTo(16, inputs))));
  return tiles <= 128 ? tiles : Math.ceil(tiles / Math.ceil(tiles / limit));
}

/** Number of output channels in a chunk: those whose filter factors, or sums of products, are in memory at the same time. */
function winogradChunk(inputs: number, outputs: number): number {
  const fit = Math.floor(2 ** 20 / (winogradFactors * inputs) / 32) * 32;
  return Math.min(Math.max(fit, 64), outputs);
}

/**
 * Scratch bytes of a Winograd convolution that all threads share. With few tiles or many channels these are the factors of a round of
 * tiles; otherwise those of a chunk of filters, and if the filters are turned, a turned copy of the chunk.
 *
 * @param inputs number of channels of the convolution's input
 * @param yShape the shape of the convolution's output
 * @param isTurned whether the convolution is the gradient of another one by x, with a turned filter
 */
export function winogradScratch(size: number, inputs: number, yShape: Shape, isTurned: boolean): number {
  const tiles = winogradTiles(yShape, size);
  if (tiles <= 128 || inputs > 192)
    return 4 * winogradFactors * (winogradRound(tiles, inputs) * upTo(16, inputs) + winogradSkew);
  const chunk = winogradChunk(inputs, channels(yShape));
  const turned = isTurned ? size ** 2 * inputs * chunk : 0;
  return 4 * (winogradFactors * (inputs * upTo(32, chunk) + winogradSkew) + turned);
}

/**
 * Scratch bytes of a Winograd convolution's gradient by the filter: the factors of a round of tiles and, if there is more than one round,
 * the sums of the products.
 */
export function winogradFilterGradientScratch(filterShape: Shape, yShape: Shape): number {
  const [size, , inputs, outputs] = filterShape as [number, number, number, number];
  const tiles = winogradTiles(yShape, size);
  const round = winogradRound(tiles, inputs);
  const sums = round === tiles ? 0 : inputs * upTo(32, winogradChunk(inputs, outputs));
  return 4 * winogradFactors * (round * upTo(16, inputs) + winogradSkew + sums);
}
