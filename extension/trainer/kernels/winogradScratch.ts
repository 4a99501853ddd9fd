import { channels, type Shape } from "./tensor";

/*
 * The scratch memory of Winograd's convolutions, as native/winogradConvolution.h and native/winogradFilterGradient.h divide their work: an operation that is told other bytes than it
 * needs fails.
 */

/** Factors of a Winograd convolution's tile, one for each of its products. */
const winogradFactors = 36;

/** Floats between the arrays of factors. */
const winogradSkew = 16;

/** A number of channels, filled up to a multiple. */
function upTo(multiple: number, count: number): number {
  return Math.ceil(count / multiple) * multiple;
}

/** Tiles that a Winograd convolution divides its output into. */
function winogradTiles([n, height, width]: Shape, size: number): number {
  return n! * Math.ceil(height! / (7 - size)) * Math.ceil(width! / (7 - size));
}

/** Tiles whose factors are in memory at a time. */
function winogradRound(tiles: number, inputs: number): number {
  const limit = Math.max(64, Math.floor(2 ** 20 / (winogradFactors * upTo(16, inputs))));
  return tiles <= 128 ? tiles : Math.ceil(tiles / Math.ceil(tiles / limit));
}

/** Outputs whose filters' factors, or sums, are in memory at a time. */
function winogradChunk(inputs: number, outputs: number): number {
  const fit = Math.floor(2 ** 20 / (winogradFactors * inputs) / 32) * 32;
  return Math.min(Math.max(fit, 64), outputs);
}

/**
 * Scratch bytes of a Winograd convolution, without the threads' own: the factors of a round of tiles; where there are many tiles of few
 * channels, those of filters instead, and these filters if they are turned.
 *
 * @param inputs channels of the convolution's input
 * @param yShape of its output
 * @param isTurned whether it is the gradient of a convolution by x
 */
export function winogradScratch(size: number, inputs: number, yShape: Shape, isTurned: boolean): number {
  const tiles = winogradTiles(yShape, size);
  if (tiles <= 128 || inputs > 192)
    return 4 * winogradFactors * (winogradRound(tiles, inputs) * upTo(16, inputs) + winogradSkew);
  const chunk = winogradChunk(inputs, channels(yShape));
  const turned = isTurned ? size ** 2 * inputs * chunk : 0;
  return 4 * (winogradFactors * (inputs * upTo(32, chunk) + winogradSkew) + turned);
}

/** Scratch bytes of its gradient by the filter: the factors of a round of tiles, and the sums of the products where there are more rounds. */
export function winogradFilterGradientScratch(filterShape: Shape, yShape: Shape): number {
  const [size, , inputs, outputs] = filterShape as [number, number, number, number];
  const tiles = winogradTiles(yShape, size);
  const round = winogradRound(tiles, inputs);
  const sums = round === tiles ? 0 : inputs * upTo(32, winogradChunk(inputs, outputs));
  return 4 * winogradFactors * (round * upTo(16, inputs) + winogradSkew + sums);
}
