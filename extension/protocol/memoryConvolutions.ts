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
    this.parameters = bias ? [filter, { bytes: 4 * y.at(-1)!, gathered: false }] : [filter];
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
  constructor(x: PaperShape, outputs: number, { size, stride, pad, bias }: { size: number; stride: number; pad: number; bias: boolean }) {
    const y = mapSpace(x, (side) => Math.floor((side + 2 * pad - size) / stride) + 1, outputs);
    super(x, y, size, bias, copiesOf(x, y, size, pad));
  }
}

/** A transposed convolution that doubles the sides. */
export class PaperTransposedConvolution extends PaperProduct {
  constructor(x: PaperShape, outputs: number, { size, bias }: { size: number; bias: boolean }) {
    const y = mapSpace(x, (side) => 2 * side, outputs);
    // It is the input gradient of the convolution from y to x, whose forward pass is its own input gradient.
    const { forward, inputGradient, filterGradient } = copiesOf(y, x, size, 1);
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

/** As the trainer's `NativeConvolution` decides. */
function copiesOf(x: PaperShape, y: PaperShape, size: number, pad: number): ConvolutionCopies {
  const [inputs, outputs] = [x.at(-1)!, y.at(-1)!];
  const columns = outputs % 512 === 0 ? size ** (x.length - 2) * bytesOfShape([...y.slice(0, -1), inputs]) : 0;
  if (pad > 0) {
    const padded = bytesOfShape(mapSpace(x, (side) => side + 2 * pad));
    // TensorFlow's convolutions of volumes know no zeros around them.
    const forward = columns === 0 && x.length === 5 ? padded : columns;
    return { forward, inputGradient: padded, filterGradient: padded };
  }
  if (size <= 4 || x.length === 5) return { ...noCopies, forward: columns };
  // Few channels are spread, each over as many as the filter has columns.
  const outputsSpread = outputs <= 4 ? 4 * size ** 2 * inputs * outputs + bytesOfShape([...y.slice(0, -2), x.at(-2)!, size * outputs]) : 0;
  const inputsSpread = inputs <= 4 ? bytesOfShape([...x.slice(0, -2), y.at(-2)!, size * inputs]) : 0;
  return { forward: outputsSpread, inputGradient: inputsSpread, filterGradient: outputsSpread };
}
