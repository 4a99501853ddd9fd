import { channels, elements, type Shape } from "./tensor";

/** Kinds of kernels. An engine runs each kind at a rate of its own. */
export const workKinds = [
  "convolution",
  "inputGradient",
  "filterGradient",
  // Kinds of their own for a stride above 1: Winograd's algorithm does not apply, and for an input gradient, an engine that also multiplies
  // the zeros between the positions takes many times as long for an operation as without a stride.
  "stridedConvolution",
  "stridedInputGradient",
  "stridedFilterGradient",
  "elementwise",
  // Splits and concatenations along the channels, which copy elements that do not lie side by side in memory.
  "channelCopy",
  "reduction",
  "norm",
  "pad",
  "adam",
] as const;
export type WorkKind = (typeof workKinds)[number];

/** A convolution, and its gradients by its input and by its filter. */
export const convolutionPasses = ["convolution", "inputGradient", "filterGradient"] as const;
export type ConvolutionPass = (typeof convolutionPasses)[number];

const stridedKinds = {
  convolution: "stridedConvolution",
  inputGradient: "stridedInputGradient",
  filterGradient: "stridedFilterGradient",
} as const;

const convolutionKinds: readonly WorkKind[] = [...convolutionPasses, ...Object.values(stridedKinds)];

/** Whether a kind of kernels is a convolution or one of its gradients, whose rate depends on the channels. */
export function isConvolution(kind: WorkKind): boolean {
  return convolutionKinds.includes(kind);
}

/** Calls of one kind and of about the same size. */
export interface WorkCell {
  readonly kind: WorkKind;
  /**
   * 2 log₂ of the size that the rate depends on, rounded. For a convolution the size is the smaller of its numbers of input and output
   * channels, for any other kernel the number of elements of the tensor that it reads.
   */
  readonly halfOctave: number;
  /** How many kernels ran. */
  readonly calls: number;
  /**
   * Operations of all these kernels together: two for each product of a convolution; {@link operationsPerElement} for each element
   * otherwise.
   */
  readonly operations: number;
}

/** About how many operations a kernel does on each element. Rough numbers suffice, since reading and writing the element takes the time. */
const operationsPerElement = { elementwise: 1, channelCopy: 1, reduction: 1, norm: 8, pad: 1, adam: 12 } as const;

/** The kernels that a piece of work runs, counted by kind and size. */
export class Work {
  /** The cells, keyed by kind and half octave. */
  private readonly counts = new Map<number, { -readonly [Key in keyof WorkCell]: WorkCell[Key] }>();

  /** Counts a convolution whose output has the shape `y`, or a gradient of such a convolution. */
  convolution(pass: ConvolutionPass, filter: Shape, y: Shape, stride: number): void {
    const kind = stride === 1 ? pass : stridedKinds[pass];
    const products = (elements(filter) * elements(y)) / channels(filter);
    this.add({ kind, halfOctave: halfOctaveOf(Math.min(...filter.slice(-2))), calls: 1, operations: 2 * products });
  }

  /** Counts a kernel that works on every element of a tensor of this shape. */
  each(kind: keyof typeof operationsPerElement, shape: Shape): void {
    const count = elements(shape);
    this.add({ kind, halfOctave: halfOctaveOf(count), calls: 1, operations: operationsPerElement[kind] * count });
  }

  /** Adds all that `other` has counted. */
  addAll(other: Work): void {
    for (const cell of other.counts.values()) this.add(cell);
  }

  get cells(): WorkCell[] {
    return [...this.counts.values()];
  }

  /** All operations. */
  get operations(): number {
    return this.cells.reduce((sum, { operations }) => sum + operations, 0);
  }

  private add(cell: WorkCell): void {
    const key = workKinds.indexOf(cell.kind) + workKinds.length * cell.halfOctave;
    const known = this.counts.get(key);
    if (known === undefined) {
      this.counts.set(key, { ...cell });
      return;
    }
    known.calls += cell.calls;
    known.operations += cell.operations;
  }
}

/** The average number of elements that each of a cell's kernels works on. Not for convolutions. */
export function elementsPerCall({ kind, calls, operations }: WorkCell): number {
  return operations / operationsPerElement[kind as keyof typeof operationsPerElement] / calls;
}

/**
 * The size that {@link WorkCell.halfOctave} stands for, to within 19% because of its rounding: for a convolution the smaller of its numbers
 * of channels, else the number of elements.
 */
export function representativeSize({ halfOctave }: WorkCell): number {
  return 2 ** (halfOctave / 2);
}

function halfOctaveOf(size: number): number {
  return Math.round(2 * Math.log2(Math.max(1, size)));
}
