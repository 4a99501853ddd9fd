import type { Config } from "./configDefaults";
import { PaperChain } from "./memoryChain";
import { mapSpace, PaperConvolution, type PaperLayer, PaperNorm, PaperPad, PaperRectifier, type PaperShape, PaperTanh } from "./memoryLayers";

/*
 * What the trainer's models are made of, on paper: the shapes and the layers of its parts.
 */

/** Image to features. */
export function encoder(x: PaperShape, { width, downsampling }: Config["network"]): PaperChain {
  const layers: PaperLayer[] = [];
  let here = add(layers, new PaperPad(x, 3));
  here = add(layers, convolution(here, width, 7, { stride: 1, pad: 0 }, false));
  here = add(layers, new PaperNorm(here), new PaperRectifier(here));
  for (let stage = 1; stage <= downsampling; stage++) {
    here = add(layers, convolution(here, width * 2 ** stage, 3, { stride: 2, pad: 1 }, false));
    here = add(layers, new PaperNorm(here), new PaperRectifier(here));
  }
  return new PaperChain(layers);
}

/** Features to image. */
export function decoder(features: PaperShape, picture: PaperShape, { width, downsampling }: Config["network"]): PaperChain {
  const layers: PaperLayer[] = [];
  let here = features;
  for (let stage = downsampling - 1; stage >= 0; stage--) {
    here = add(layers, new PaperConvolution(here, mapSpace(here, (side) => 2 * side, width * 2 ** stage), 3, null, false));
    here = add(layers, new PaperNorm(here), new PaperRectifier(here));
  }
  here = add(layers, new PaperPad(here, 3));
  here = add(layers, convolution(here, picture.at(-1)!, 7, { stride: 1, pad: 0 }, true));
  add(layers, new PaperTanh(here));
  return new PaperChain(layers);
}

/** Two convolutions between as many channels: of a coupling, or of a residual block. */
export function residual(x: PaperShape): PaperChain {
  const padded = new PaperPad(x, 1);
  const half = (): PaperLayer[] => [padded, convolution(padded.y, x.at(-1)!, 3, { stride: 1, pad: 0 }, false), new PaperNorm(x)];
  return new PaperChain([...half(), new PaperRectifier(x), ...half()]);
}

/** Image, or pair of images, to logits. */
export function discriminator(x: PaperShape, { width, layers: stages }: Config["network"]["discriminator"]): PaperChain {
  const layers: PaperLayer[] = [];
  let here = add(layers, convolution(x, width, 4, { stride: 2, pad: 1 }, true));
  here = add(layers, new PaperRectifier(here));
  for (let stage = 1; stage <= stages; stage++) {
    here = add(layers, convolution(here, width * Math.min(2 ** stage, 8), 4, { stride: stage < stages ? 2 : 1, pad: 1 }, false));
    here = add(layers, new PaperNorm(here), new PaperRectifier(here));
  }
  add(layers, convolution(here, 1, 4, { stride: 1, pad: 1 }, true));
  return new PaperChain(layers);
}

/** Returns the output's shape. */
function add(layers: PaperLayer[], ...more: readonly PaperLayer[]): PaperShape {
  layers.push(...more);
  return more.at(-1)!.y;
}

function convolution(x: PaperShape, outputs: number, size: number, { stride, pad }: { stride: number; pad: number }, bias: boolean): PaperConvolution {
  return new PaperConvolution(x, mapSpace(x, (side) => Math.floor((side + 2 * pad - size) / stride) + 1, outputs), size, pad, bias);
}
