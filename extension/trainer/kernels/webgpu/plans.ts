import type { ConvolutionGeometry, NormScope } from "../kernels";
import { convOutputShape } from "../sliceStacking";
import { bytesOf, channels, elements, type Shape } from "../tensor";

/*
 * How the WebGPU kernels divide their work, and the scratch memory that this takes. Both depend on shapes alone, for two reasons:
 * CountingKernels can compute them, too; and a pass that is computed again divides its work in the same way, so its results are the same to
 * the bit.
 */

/** An activation's sizes; the depth of images is 1. */
export interface Sizes {
  readonly n: number;
  readonly depth: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Whether the activation is of volumes. */
  readonly isDeep: boolean;
}

export function sizesOf(shape: Shape): Sizes {
  const isDeep = shape.length === 5;
  const [height, width] = shape.slice(isDeep ? 2 : 1) as [number, number];
  return { n: shape[0]!, depth: isDeep ? shape[1]! : 1, height, width, channels: channels(shape), isDeep };
}

/** The part of a matrix product that one workgroup computes, in rows and columns. */
export interface Tile {
  readonly rows: number;
  readonly columns: number;
}

/** Number of terms of the sums that a workgroup loads into its shared memory at a time. */
export const termsOfTile = 16;

/** Tiles for products of at most 4 columns, of at most 16, and of more, so that no tile is much wider than the product. */
const tiles: readonly Tile[] = [
  { rows: 128, columns: 4 },
  { rows: 128, columns: 16 },
  { rows: 64, columns: 64 },
];

/** Tiles for products with so few rows and columns that the larger tiles would leave a part of the GPU idle. */
const smallTiles: readonly Tile[] = [
  { rows: 128, columns: 4 },
  { rows: 64, columns: 16 },
  { rows: 32, columns: 32 },
];

/** Number of workgroups that keep a GPU busy. */
const wantedGroups = 128;

function groupsOf(tile: Tile, rows: number, columns: number): number {
  return Math.ceil(rows / tile.rows) * Math.ceil(columns / tile.columns);
}

/** The tile for a product of this many rows and columns. @param copies number of such products in one dispatch */
export function tileFor(rows: number, columns: number, copies = 1): Tile {
  const wide = (list: readonly Tile[]): Tile => list.find((tile) => columns <= tile.columns) ?? list.at(-1)!;
  const large = wide(tiles);
  return copies * groupsOf(large, rows, columns) >= wantedGroups ? large : wide(smallTiles);
}

/** A matrix product whose sums are cut into parts: different workgroups add the terms of each part. */
export interface ProductPlan {
  readonly tile: Tile;
  readonly rows: number;
  readonly columns: number;
  readonly terms: number;
  readonly parts: number;
  /** Number of terms of a part. */
  readonly partTerms: number;
  /** Elements of a part's result; a multiple of 4. */
  readonly partSize: number;
}

/** The fewest terms for which a part of its own is worthwhile, and the most terms of a part before rounding errors grow. */
const [leastTerms, mostTerms] = [256, 8192];
const mostParts = 32;

function productPlan(rows: number, columns: number, terms: number): ProductPlan {
  const tile = tileFor(rows, columns);
  const groups = groupsOf(tile, rows, columns);
  const wanted = Math.max(Math.ceil(wantedGroups / groups), Math.ceil(terms / mostTerms));
  const most = Math.max(1, Math.min(mostParts, wanted, Math.floor(terms / leastTerms)));
  const partTerms = termsOfTile * Math.ceil(terms / most / termsOfTile);
  return {
    tile,
    rows,
    columns,
    terms,
    partTerms,
    parts: Math.max(1, Math.ceil(terms / partTerms)),
    partSize: 4 * Math.ceil((rows * columns) / 4),
  };
}

/** How a convolution divides its work. @param x shape of the padded input */
export function convolutionPlan(x: Shape, filter: Shape, geometry: ConvolutionGeometry): ProductPlan {
  const places = elements(convOutputShape(x, filter, geometry)) / channels(filter);
  return productPlan(places, channels(filter), elements(filter) / channels(filter));
}

/** How the gradient of a convolution with respect to its filter is divided among workgroups. @param x shape of the padded input */
export function filterGradientPlan(x: Shape, filter: Shape, geometry: ConvolutionGeometry): ProductPlan {
  const places = elements(convOutputShape(x, filter, geometry)) / channels(filter);
  return productPlan(elements(filter) / channels(filter), channels(filter), places);
}

/** Scratch bytes of a product: the results of its parts, which are added up afterwards. A product of one part needs none. */
export function partBytes({ parts, partSize }: ProductPlan): number {
  return parts === 1 ? 0 : 4 * parts * partSize;
}

/**
 * How a norm, or a sum by channel, divides its work. Lanes are vec4s of channels if the channels are multiples of 4, else single channels.
 */
export interface NormPlan {
  /** Number of images, or 1 for statistics over the batch. */
  readonly groups: number;
  readonly places: number;
  readonly isVector: boolean;
  readonly lanes: number;
  readonly parts: number;
  /** Number of places of a part. */
  readonly size: number;
  readonly groupLanes: number;
  /** Scratch bytes for the parts' sums. */
  readonly scratch: number;
}

/** The most places with which one workgroup processes all places of its lanes; with more, they are divided into parts. */
const mostPlacesAtOnce = 4096;
/** If there are more places: about the fewest places of a part, and the most parts. */
const [placesAPart, mostPlaceParts] = [256, 64];

export function normPlan(shape: Shape, over: NormScope): NormPlan {
  const c = channels(shape);
  const groups = over === "image" ? shape[0]! : 1;
  const places = elements(shape) / c / groups;
  const most = places <= mostPlacesAtOnce ? 1 : Math.min(mostPlaceParts, Math.ceil(places / placesAPart));
  const size = Math.ceil(places / most);
  const parts = Math.ceil(places / size);
  const isVector = c % 4 === 0;
  const lanes = isVector ? c / 4 : c;
  // If a workgroup processes all places, it gets few lanes, so that there are more workgroups.
  const groupLanes = parts === 1 ? 2 : 16;
  const scratch = parts === 1 ? 0 : 8 * groups * parts * c;
  return { groups, places, isVector, lanes, parts, size, groupLanes, scratch };
}

/** Scratch bytes for the parts' sums by channel. With one part its sums are the result, and none are needed. */
export function channelSumBytes(shape: Shape): number {
  const { parts } = normPlan(shape, "batch");
  return parts === 1 ? 0 : 4 * parts * channels(shape);
}

/** Scratch bytes for each part's mean and sum of squared distances from it, from which the moments are computed. */
export function momentBytes(shape: Shape): number {
  const { groups, parts } = normPlan(shape, "image");
  return 2 * parts * bytesOf([groups, channels(shape)]);
}
