import type { Alive, PaperParameter } from "./memoryAlive";
import { bytesOfShape, mapSpace, type PaperPast, type PaperShape, type PaperWant, Plain } from "./memoryLayers";

/** A convolution, transposed or not. */
class PaperProduct extends Plain {
  readonly reads = { input: true, output: false };
  readonly cheap = false;
  override readonly parameters: readonly PaperParameter[];

  protected constructor(
    x: PaperShape,
    y: PaperShape,
    size: number,
    bias: boolean,
    private readonly copies: ConvolutionCopies,
  ) {
    super(x, y);
    const filter = { bytes: 4 * size ** (x.length - 2) * x.at(-1)! * y.at(-1)!, gathered: false };
    this.parameters = bias ? [filter, { bytes: 4 * y.at(-1)!, gathered: false }] : [{ ...filter, bias: y.at(-1)! }];
  }

  override forward(alive: Alive): null {
    alive.take(bytesOfShape(this.y));
    alive.passing(this.copies.forward);
    // The bias is added in a second tensor.
    if (this.parameters.length > 1) {
      alive.take(bytesOfShape(this.y));
      alive.drop(bytesOfShape(this.y));
    }
    return null;
  }

  override backward(alive: Alive, past: PaperPast<null>, want: PaperWant): void {
    if (want.weights) {
      past.input();
      // Of all its parameters the filter alone is more than a sum.
      this.parameters.forEach((parameter, i) => alive.gather(parameter, i === 0 ? this.copies.filterGradient : 0));
    }
    if (!want.input) return;
    alive.take(bytesOfShape(this.x));
    alive.passing(this.copies.inputGradient);
  }
}

/** A convolution with `pad` zeros on every side. */
export class PaperConvolution extends PaperProduct {
  constructor(
    x: PaperShape,
    outputs: number,
    { size, stride, pad, bias }: { size: number; stride: number; pad: number; bias: boolean },
  ) {
    const y = mapSpace(x, (side) => Math.floor((side + 2 * pad - size) / stride) + 1, outputs);
    super(x, y, size, bias, copiesOf(x, y, { size, stride, pad }));
  }
}

/** A transposed convolution that doubles the sides. */
export class PaperTransposedConvolution extends PaperProduct {
  constructor(x: PaperShape, outputs: number, { size, bias }: { size: number; bias: boolean }) {
    const y = mapSpace(x, (side) => 2 * side, outputs);
    // It is the input gradient of the convolution from y to x, whose forward pass is its own input gradient.
    const { forward, inputGradient, filterGradient } = copiesOf(y, x, { size, stride: 2, pad: 1 });
    super(x, y, size, bias, { forward: inputGradient, inputGradient: forward, filterGradient });
  }
}

/** Bytes that the native kernels make on the way to a convolution's result and to those of its gradients. */
interface ConvolutionCopies {
  readonly forward: number;
  readonly inputGradient: number;
  readonly filterGradient: number;
}

const noCopies: ConvolutionCopies = { forward: 0, inputGradient: 0, filterGradient: 0 };

function copiesOf(
  x: PaperShape,
  y: PaperShape,
  window: { size: number; stride: number; pad: number },
): ConvolutionCopies {
  return x.length === 5 ? copiesOfVolumes(x, y, window) : copiesOfImages(x, y, window);
}

/** As the trainer's `NativeVolumes` goes about it: by images, of which the slices of what goes in, or of what comes out, are stacked. */
function copiesOfVolumes(
  x: PaperShape,
  y: PaperShape,
  window: { size: number; stride: number; pad: number },
): ConvolutionCopies {
  const { size, stride } = window;
  const [n, d, ...space] = x as [number, number, ...number[]];
  const [, places, ...outside] = y as [number, number, ...number[]];
  const [inputs, outputs] = [x.at(-1)!, y.at(-1)!];
  const result = { x: bytesOfShape(x), y: bytesOfShape(y), filter: 4 * size ** 3 * inputs * outputs };
  if (stride === 1 && outputs <= 4 && inputs > 4) {
    const stack = [n * d, ...outside.slice(0, -1), size * outputs];
    const images = copiesOfImages([n * d, ...space], stack, window);
    const made = bytesOfShape(stack);
    // The filter with its slices side by side: on the way, and back.
    return {
      forward: made + result.filter + Math.max(images.forward - result.y, 0),
      inputGradient: made + result.filter + images.inputGradient,
      filterGradient: made + Math.max(images.filterGradient, result.filter),
    };
  }
  const stack = [n * places, ...space.slice(0, -1), size * inputs];
  const images = copiesOfImages(stack, [n * places, ...outside], window);
  const made = bytesOfShape(stack);
  return {
    forward: made + images.forward,
    inputGradient: made + Math.max(images.inputGradient - result.x, 0),
    filterGradient: made + images.filterGradient,
  };
}

/** As the trainer's `NativeConvolution` decides. */
function copiesOfImages(x: PaperShape, y: PaperShape, { size, pad }: { size: number; pad: number }): ConvolutionCopies {
  const [inputs, outputs] = [x.at(-1)!, y.at(-1)!];
  const columns = outputs % 512 === 0 ? size ** 2 * bytesOfShape([...y.slice(0, -1), inputs]) : 0;
  if (pad > 0) {
    const padded = bytesOfShape(mapSpace(x, (side) => side + 2 * pad));
    return { forward: columns, inputGradient: padded, filterGradient: padded };
  }
  if (size <= 4) return { ...noCopies, forward: columns };
  // Few channels are spread, each over as many as the filter has columns.
  const outputsSpread =
    outputs <= 4 ? 4 * size ** 2 * inputs * outputs + bytesOfShape([...y.slice(0, -2), x.at(-2)!, size * outputs]) : 0;
  const inputsSpread = inputs <= 4 ? bytesOfShape([...x.slice(0, -2), y.at(-2)!, size * inputs]) : 0;
  return { forward: outputsSpread, inputGradient: inputsSpread, filterGradient: outputsSpread };
}
