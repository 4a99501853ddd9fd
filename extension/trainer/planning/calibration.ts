import type { ConvolutionGeometry, Kernels } from "../kernels/kernels";
import { dispose, elements, type Shape, type Tensor } from "../kernels/tensor";
import { type ConvolutionPass, convolutionPasses, Work } from "../kernels/work";
import { convOutputShape } from "../kernels/sliceStacking";
import type { RatePoint, Rates } from "./rates";

/** The sizes of a convolution to measure; the stride is 1 by default. */
interface Measurable {
  readonly stride?: number;
  readonly size: number;
  readonly inputs: number;
  readonly outputs: number;
  /** The sides of the convolution's input. */
  readonly side: number;
}

/** Convolutions to measure, for 2 and 3 dimensions, by the smaller of their numbers of input and output channels. */
type ConvolutionsByChannels = Readonly<
  Record<2 | 3, readonly (readonly [channels: number, like: readonly Measurable[]])[]>
>;

/** Convolutions with stride 1 like those of the networks: first and last layers, and blocks of several widths. */
const convolutions: ConvolutionsByChannels = {
  2: [
    [1, [{ size: 4, inputs: 128, outputs: 1, side: 16 }]],
    [
      3,
      [
        { size: 7, inputs: 3, outputs: 32, side: 64 },
        { size: 7, inputs: 32, outputs: 3, side: 64 },
      ],
    ],
    [8, [{ size: 3, inputs: 8, outputs: 8, side: 64 }]],
    [32, [{ size: 3, inputs: 32, outputs: 32, side: 32 }]],
    [128, [{ size: 3, inputs: 128, outputs: 128, side: 32 }]],
  ],
  3: [
    [
      1,
      [
        { size: 5, inputs: 1, outputs: 8, side: 40 },
        { size: 5, inputs: 8, outputs: 1, side: 40 },
      ],
    ],
    [
      3,
      [
        { size: 5, inputs: 3, outputs: 8, side: 24 },
        { size: 5, inputs: 8, outputs: 3, side: 24 },
      ],
    ],
    [4, [{ size: 3, inputs: 4, outputs: 4, side: 32 }]],
    [8, [{ size: 3, inputs: 8, outputs: 8, side: 40 }]],
    [32, [{ size: 3, inputs: 32, outputs: 32, side: 12 }]],
    [64, [{ size: 3, inputs: 64, outputs: 64, side: 12 }]],
  ],
};

/** Convolutions with stride 2 like those of discriminators and encoders. Decoders compute the input gradients of such convolutions. */
const strided: ConvolutionsByChannels = {
  2: [
    [3, [{ size: 4, inputs: 3, outputs: 32, side: 64, stride: 2 }]],
    [8, [{ size: 3, inputs: 8, outputs: 16, side: 64, stride: 2 }]],
    [32, [{ size: 3, inputs: 32, outputs: 64, side: 32, stride: 2 }]],
    [128, [{ size: 3, inputs: 128, outputs: 256, side: 16, stride: 2 }]],
  ],
  3: [
    [1, [{ size: 4, inputs: 1, outputs: 4, side: 24, stride: 2 }]],
    [4, [{ size: 4, inputs: 4, outputs: 8, side: 24, stride: 2 }]],
    [8, [{ size: 3, inputs: 8, outputs: 16, side: 40, stride: 2 }]],
    [32, [{ size: 3, inputs: 32, outputs: 64, side: 12, stride: 2 }]],
  ],
};

/** A convolution so small that its time is the cost of a call alone. */
const negligibleConvolution: Measurable = { size: 3, inputs: 8, outputs: 8, side: 3 };

/** Elements of the tensors on which other kernels are measured: the least shows the cost of a call, the largest exceeds a CPU's cache. */
const elementCounts = [2 ** 8, 2 ** 14, 2 ** 18, 2 ** 21];

/** Channels of these tensors by dimensions; networks for volumes are narrower. */
const channels = { 2: 32, 3: 8 } as const;

/** Calls of a kernel on a GPU before the program waits for their results. */
const callsBeforeWaiting = 10;

/**
 * Measures how fast kernels run, in some seconds. Leaves no tensor behind.
 *
 * @param onGpu whether kernels run asynchronously on a GPU, so that the program must wait for them
 */
export function calibrate(
  k: Kernels,
  { dimensions, onGpu }: { dimensions: 2 | 3; onGpu: boolean },
): Pick<Rates, "convolutionCall" | "points"> {
  const pass = new CalibrationPass(k, dimensions, onGpu ? callsBeforeWaiting : 1);
  const convolutionCall = Math.min(...pass.convolution(negligibleConvolution).map(({ seconds }) => seconds));
  const rateOf = (all: readonly MeasuredConvolution[]): number => {
    const seconds = all.reduce((sum, each) => sum + Math.max(0.1 * each.seconds, each.seconds - convolutionCall), 0);
    return seconds / all.reduce((sum, each) => sum + each.operations, 0);
  };
  const ratesLike = (plan: ConvolutionsByChannels): Record<ConvolutionPass, RatePoint[]> => {
    const rates: Record<ConvolutionPass, RatePoint[]> = { convolution: [], inputGradient: [], filterGradient: [] };
    for (const [fewest, like] of plan[dimensions]) {
      const found = like.flatMap((each) => pass.convolution(each));
      for (const each of convolutionPasses)
        rates[each].push([fewest, rateOf(found.filter(({ pass: measured }) => measured === each))]);
    }
    return rates;
  };
  const withStride = ratesLike(strided);
  const of = (measure: (size: number) => number): RatePoint[] => elementCounts.map((size) => [size, measure(size)]);
  return {
    convolutionCall,
    points: {
      ...ratesLike(convolutions),
      stridedConvolution: withStride.convolution,
      stridedInputGradient: withStride.inputGradient,
      stridedFilterGradient: withStride.filterGradient,
      elementwise: of(pass.elementwise),
      channelCopy: of(pass.channelCopy),
      reduction: of(pass.reduction),
      norm: of(pass.norm),
      pad: of(pass.pad),
      adam: of(pass.adam),
    },
  };
}

interface MeasuredConvolution {
  readonly pass: ConvolutionPass;
  readonly seconds: number;
  readonly operations: number;
}

class CalibrationPass {
  /** @param batch number of calls of a kernel between two waits for the results */
  constructor(
    private readonly k: Kernels,
    private readonly dimensions: 2 | 3,
    private readonly batch: number,
  ) {}

  /** Measures a convolution and its two gradients. */
  convolution({ size, inputs, outputs, side, stride = 1 }: Measurable): MeasuredConvolution[] {
    const { k } = this;
    const geometry: ConvolutionGeometry = { stride, pad: (size - 1) >> 1 };
    const cube = (length: number): number[] => Array<number>(this.dimensions).fill(length);
    const x = this.values([1, ...cube(side), inputs]);
    const filter = this.values([...cube(size), inputs, outputs]);
    const yShape = convOutputShape(x.shape, filter.shape, geometry);
    const dy = this.values(yShape);
    const runs = {
      convolution: () => k.conv(x, filter, geometry),
      inputGradient: () => k.convInputGradient(dy, filter, x.shape, geometry),
      filterGradient: () => k.convFilterGradient(x, dy, filter.shape, geometry),
    };
    const found = convolutionPasses.map((pass) => {
      const work = new Work();
      work.convolution(pass, filter.shape, yShape, stride);
      return { pass, seconds: this.seconds(runs[pass]), operations: work.operations };
    });
    dispose(x, filter, dy);
    return found;
  }

  readonly elementwise = (size: number): number => {
    const { k } = this;
    return this.on(size, (x) => this.mean([() => k.binary("add", x, x), () => k.relu(x)]));
  };

  readonly channelCopy = (size: number): number => {
    const { k } = this;
    const halves = [channels[this.dimensions] / 2, channels[this.dimensions] / 2];
    return this.on(size, (x) => {
      const parts = k.split(x, halves);
      const split = (): null => {
        dispose(...k.split(x, halves));
        return null;
      };
      const seconds = this.mean([() => k.concat(parts), split]);
      dispose(...parts);
      return seconds;
    });
  };

  readonly reduction = (size: number): number => this.on(size, (x) => this.seconds(() => this.k.mean(x)));

  readonly norm = (size: number): number =>
    this.on(size, (x) => {
      const { y, rstd } = this.k.normalize(x, "image");
      const forward = (): Tensor => {
        const made = this.k.normalize(x, "image");
        made.rstd.dispose();
        return made.y;
      };
      const seconds = this.mean([forward, () => this.k.normalizeGradient(x, y, rstd)]);
      dispose(y, rstd);
      return seconds;
    });

  readonly pad = (size: number): number => {
    const border = this.dimensions === 2 ? "reflect" : "replicate";
    return this.on(size, (x) => {
      const padded = this.k.pad(x, 1, border);
      const seconds = this.mean([() => this.k.pad(x, 1, border), () => this.k.padGradient(padded, 1, border)]);
      padded.dispose();
      return seconds;
    });
  };

  readonly adam = (size: number): number => {
    const { k } = this;
    const [value, m, v, gradient] = [0, 1, 2, 3].map(() => this.values([size])) as [Tensor, Tensor, Tensor, Tensor];
    const rates = { step: 1, learningRate: 1e-4, beta1: 0.5, beta2: 0.999, epsilon: 1e-8 };
    const seconds = this.seconds(() => {
      k.adam({ value, m, v }, gradient, rates);
      return null;
    });
    dispose(value, m, v, gradient);
    return seconds;
  };

  /** The seconds that `measure` finds on an activation of about `size` elements, scaled to `size`. */
  private on(size: number, measure: (x: Tensor) => number): number {
    const side = Math.max(3, Math.round((size / channels[this.dimensions]) ** (1 / this.dimensions)));
    const x = this.values([1, ...Array<number>(this.dimensions).fill(side), channels[this.dimensions]]);
    // The sides are rounded, so the tensor does not have exactly `size` elements.
    const seconds = (measure(x) * size) / elements(x.shape);
    x.dispose();
    return seconds;
  }

  private mean(runs: readonly (() => Tensor | null)[]): number {
    return runs.reduce((sum, run) => sum + this.seconds(run), 0) / runs.length;
  }

  /**
   * Seconds of a call: after an uncounted run, the second fastest of up to eight runs within 40 ms, or the faster of two. Slower runs
   * include the cost of other programs, and the single fastest one may be an exception.
   */
  private seconds(run: () => Tensor | null): number {
    const times: number[] = [];
    const once = (): void => {
      const started = now();
      for (let i = 0; i < this.batch; i++) run()?.dispose();
      if (this.batch > 1) this.wait();
      times.push((now() - started) / this.batch);
    };
    once();
    times.length = 0;
    const began = now();
    while (times.length < 2 || (times.length < 8 && now() - began < 0.04)) once();
    return times.sort((a, b) => a - b)[Math.min(1, times.length - 2)]!;
  }

  /** Waits for all kernels that were called before, by reading a last result: a GPU computes in the order of the calls. */
  private wait(): void {
    const one = this.values([1]);
    const mean = this.k.mean(one);
    this.k.read(mean);
    dispose(one, mean);
  }

  private values(shape: Shape): Tensor {
    // Small numbers of both signs, so that Adam and norms meet no extreme values.
    return this.k.tensor(
      Float32Array.from({ length: elements(shape) }, (_, i) => ((i * 37) % 101) / 101 - 0.5),
      shape,
    );
  }
}

/** The current time in seconds, from an arbitrary start. */
function now(): number {
  return performance.now() / 1000;
}
