import type { ConvolutionGeometry, NormScope } from "../kernels";
import { convOutputShape } from "../sliceStacking";
import { bytesOf, channels, elements, type Shape } from "../tensor";

/*
 * How the WebGPU kernels divide their work, and the scratch memory that this takes. Both follow from shapes alone, so that CountingKernels
 * knows them too, and that a pass that is computed again divides it in the same way: its results are then the same to the bit.
 */

/** An activation's sizes; of images the depth is 1. */
export interface Sizes {
  readonly n: number;
  readonly depth: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Whether it is a volume. */
  readonly isDeep: boolean;
}

export function sizesOf(shape: Shape): Sizes {
  const isDeep = shape.length === 5;
  const [height, width] = shape.slice(isDeep ? 2 : 1) as [number, number];
  return { n: shape[0]!, depth: isDeep ? shape[1]! : 1, height, width, channels: channels(shape), isDeep };
}

/** Rows and columns of a product of matrices that a workgroup computes. */
export interface Tile {
  readonly rows: number;
  readonly columns: number;
}

/** How far a tile reaches along the sum. */
export const termsOfTile = 16;

/** For at most 4 columns, at most 16, and more: no tile is much wider than what it computes. */
const tiles: readonly Tile[] = [
  { rows: 128, columns: 4 },
  { rows: 128, columns: 16 },
  { rows: 64, columns: 64 },
];

/** Where larger ones would leave a part of the GPU idle. */
const smallTiles: readonly Tile[] = [
  { rows: 128, columns: 4 },
  { rows: 64, columns: 16 },
  { rows: 32, columns: 32 },
];

/** Workgroups that occupy a GPU. */
const wantedGroups = 128;

function groupsOf(tile: Tile, rows: number, columns: number): number {
  return Math.ceil(rows / tile.rows) * Math.ceil(columns / tile.columns);
}

/** The tile for a product of so many rows and columns. @param copies such products that are computed together */
export function tileFor(rows: number, columns: number, copies = 1): Tile {
  const wide = (list: readonly Tile[]): Tile => list.find((tile) => columns <= tile.columns) ?? list.at(-1)!;
  const large = wide(tiles);
  return copies * groupsOf(large, rows, columns) >= wantedGroups ? large : wide(smallTiles);
}

/** A product of matrices, cut into parts along its sums. */
export interface ProductPlan {
  readonly tile: Tile;
  readonly rows: number;
  readonly columns: number;
  readonly terms: number;
  readonly parts: number;
  /** Terms of a part. */
  readonly partTerms: number;
  /** Elements of a part's result; a multiple of 4. */
  readonly partSize: number;
}

/** Terms of a sum for which a part of its own is worth while, and beyond which rounding errors grow. */
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

/** @param x shape of the padded input */
export function convolutionPlan(x: Shape, filter: Shape, geometry: ConvolutionGeometry): ProductPlan {
  const places = elements(convOutputShape(x, filter, geometry)) / channels(filter);
  return productPlan(places, channels(filter), elements(filter) / channels(filter));
}

/** @param x shape of the padded input */
export function filterGradientPlan(x: Shape, filter: Shape, geometry: ConvolutionGeometry): ProductPlan {
  const places = elements(convOutputShape(x, filter, geometry)) / channels(filter);
  return productPlan(elements(filter) / channels(filter), channels(filter), places);
}

/** Bytes of the parts of a product, which are added up afterwards; a product of one part has none. */
export function partBytes({ parts, partSize }: ProductPlan): number {
  return parts === 1 ? 0 : 4 * parts * partSize;
}

/** How a norm, or a sum by channel, is divided. Lanes are vec4s of channels, or else channels. */
export interface NormPlan {
  /** Images, or 1 for a batch. */
  readonly groups: number;
  readonly places: number;
  readonly isVector: boolean;
  readonly lanes: number;
  readonly parts: number;
  /** Places of a part. */
  readonly size: number;
  readonly groupLanes: number;
  /** Bytes of the parts' sums. */
  readonly scratch: number;
}

/** Places up to which one workgroup sees all places of its lanes. */
const mostPlacesAtOnce = 4096;
/** Of more places, a part has as many at least, and there are so many parts at most. */
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
  // Few lanes where each workgroup must see all places, so that there are more workgroups.
  const groupLanes = parts === 1 ? 2 : 16;
  const scratch = parts === 1 ? 0 : 8 * groups * parts * c;
  return { groups, places, isVector, lanes, parts, size, groupLanes, scratch };
}

/** Bytes of the sums by channel of each part; of one part they are the result. */
export function channelSumBytes(shape: Shape): number {
  const { parts } = normPlan(shape, "batch");
  return parts === 1 ? 0 : 4 * parts * channels(shape);
}

/** Bytes of the parts' means and squared distances, from which moments are made. */
export function momentBytes(shape: Shape): number {
  const { groups, parts } = normPlan(shape, "image");
  return 2 * parts * bytesOf([groups, channels(shape)]);
}
