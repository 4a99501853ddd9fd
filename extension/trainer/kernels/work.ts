import { channels, elements, type Shape } from "./tensor";

/** Kinds of kernels that an engine runs at rates of their own. */
export const workKinds = [
  "convolution",
  "inputGradient",
  "filterGradient",
  // With a stride. Winograd's algorithm does not apply, and an engine that also multiplies the zeros between the positions of an input
  // gradient takes many times as long for an operation as without a stride.
  "stridedConvolution",
  "stridedInputGradient",
  "stridedFilterGradient",
  "elementwise",
  // Splits and concatenations along the channels, whose elements lie apart.
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
   * 2 log₂, rounded, of what the rate depends on: the fewer of a convolution's input and output channels, or the elements of the tensor
   * that any other kernel reads.
   */
  readonly halfOctave: number;
  /** How many kernels ran. */
  readonly calls: number;
  /** Operations of all of them: two for each product of a convolution, else about how many are done on an element. */
  readonly operations: number;
}

/** Operations on an element; roughly, since their time is that of reading and writing it. */
const operationsPerElement = { elementwise: 1, channelCopy: 1, reduction: 1, norm: 8, pad: 1, adam: 12 } as const;

/** The kernels that a piece of work runs, counted by kind and size. */
export class Work {
  /** By kind and half octave. */
  private readonly counts = new Map<number, { -readonly [Key in keyof WorkCell]: WorkCell[Key] }>();

  /** Counts a convolution that maps to the shape `y`, or a gradient of such a one. */
  convolution(pass: ConvolutionPass, filter: Shape, y: Shape, stride: number): void {
    const kind = stride === 1 ? pass : stridedKinds[pass];
    const products = (elements(filter) * elements(y)) / channels(filter);
    this.add({ kind, halfOctave: halfOctaveOf(Math.min(...filter.slice(-2))), calls: 1, operations: 2 * products });
  }

  /** Counts a kernel on every element of a tensor of this shape. */
  each(kind: keyof typeof operationsPerElement, shape: Shape): void {
    const count = elements(shape);
    this.add({ kind, halfOctave: halfOctaveOf(count), calls: 1, operations: operationsPerElement[kind] * count });
  }

  /** Counts all that the other has counted. */
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

/** Elements that each of a cell's kernels works on, on average; not of convolutions. */
export function elementsPerCall({ kind, calls, operations }: WorkCell): number {
  return operations / operationsPerElement[kind as keyof typeof operationsPerElement] / calls;
}

/**
 * The size that {@link WorkCell.halfOctave} stands for, to within 19% because that is rounded: the fewer of a convolution's channels, else
 * elements.
 */
export function representativeSize({ halfOctave }: WorkCell): number {
  return 2 ** (halfOctave / 2);
}

function halfOctaveOf(size: number): number {
  return Math.round(2 * Math.log2(Math.max(1, size)));
}
