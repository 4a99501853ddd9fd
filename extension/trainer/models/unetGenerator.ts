import { LeakyRelu, Relu, Tanh } from "../nn/activations";
import { SkipConnection } from "../nn/shortcuts";
import { Chain } from "../nn/chain";
import { Convolution, TransposedConvolution } from "../nn/convolution";
import type { LayerFactory } from "./layerFactory";

/** Sizes of a U-Net. */
export interface UnetPlan {
  readonly dimensions: number;
  /** Filters of the first convolution. Their number doubles with each level, up to 8·width. */
  readonly width: number;
  /** Number of times that the sides are halved. */
  readonly levels: number;
}

/** The outermost level with dropout, counted from 0. All levels below it have dropout, too, except the innermost. */
const firstDropout = 4;

/**
 * pix2pix's U-Net (Ronneberger 2015, Isola 2017): maps an image or volume `[n, …, inputs]` to `[n, …, outputs]` in (−1, 1); sides must be
 * multiples of 2^levels. Each level halves the sides of its input, runs the level below with a skip connection around it, and doubles the
 * sides of the result. PyTorch's modules are nested in each other, and so are their names: `NAME.model.model.1.model.3.model…`.
 */
export function unetGenerator(
  name: string,
  inputs: number,
  outputs: number,
  { dimensions, width, levels }: UnetPlan,
  factory: LayerFactory,
): Chain {
  const { createParameter, biasBeforeNorm, biasWithoutNorm } = factory;
  const plan = { dimensions, size: 4, geometry: { stride: 2, pad: 1 } };
  const inside = (level: number): number => width * Math.min(2 ** level, 8);

  /** Builds a level below the outermost. Its output has the shape of its input, features of the level above. */
  const levelAt = (at: number, path: string): Chain => {
    const [outer, inner] = [inside(at - 1), inside(at)];
    const innermost = at === levels - 1;
    const down = new Convolution(
      { ...plan, name: `${path}.1`, inputs: outer, outputs: inner, bias: innermost ? biasWithoutNorm : biasBeforeNorm },
      createParameter,
    );
    if (innermost) {
      const up = new TransposedConvolution(
        { ...plan, name: `${path}.3`, inputs: inner, outputs: outer, bias: biasBeforeNorm },
        createParameter,
      );
      return new Chain(
        [
          new Chain([new LeakyRelu(), down], "encoders"),
          new Chain([new Relu(), up, ...factory.norm(`${path}.4`, outer)], "decoders"),
        ],
        null,
      );
    }
    const up = new TransposedConvolution(
      { ...plan, name: `${path}.5`, inputs: 2 * inner, outputs: outer, bias: biasBeforeNorm },
      createParameter,
    );
    const dropout = at >= firstDropout ? factory.dropout() : [];
    return new Chain(
      [
        new Chain([new LeakyRelu(), down, ...factory.norm(`${path}.2`, inner)], "encoders"),
        new Chain(
          [
            new SkipConnection(levelAt(at + 1, `${path}.3.model`)),
            new Relu(),
            up,
            ...factory.norm(`${path}.6`, outer),
            ...dropout,
          ],
          "decoders",
        ),
      ],
      null,
    );
  };

  const path = `${name}.model.model`;
  const down = new Convolution(
    { ...plan, name: `${path}.0`, inputs, outputs: width, bias: biasWithoutNorm },
    createParameter,
  );
  const up = new TransposedConvolution(
    { ...plan, name: `${path}.3`, inputs: 2 * width, outputs, bias: "used" },
    createParameter,
  );
  return new Chain(
    [
      new Chain([down], "encoders"),
      new Chain([new SkipConnection(levelAt(1, `${path}.1.model`)), new Relu(), up, new Tanh()], "decoders"),
    ],
    null,
  );
}
