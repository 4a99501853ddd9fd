import type { Config } from "./configDefaults";
import { PaperSkipConnection } from "./memoryBypass";
import { PaperChain } from "./memoryChain";
import { PaperConvolution, PaperTransposedConvolution } from "./memoryConvolutions";
import { type PaperShape, PaperTanh } from "./memoryLayers";
import { PaperSequence } from "./memoryParts";

const halving = { size: 4, stride: 2, pad: 1 };

/** The trainer's `unetGenerator` on paper. */
export function unet(from: PaperShape, to: PaperShape, network: Config["network"]): PaperChain {
  const { width, depth: levels, norm } = network;
  const inside = (level: number): number => width * Math.min(2 ** level, 8);
  const isAlone = norm === "instance";

  const levelAt = (at: number, x: PaperShape): PaperChain => {
    const innermost = at === levels - 1;
    const down = new PaperSequence(x, network)
      .rectifier()
      .add((here) => new PaperConvolution(here, inside(at), { ...halving, bias: innermost && isAlone }));
    if (!innermost) down.norm();
    const downChain = down.chain();
    const up = new PaperSequence(downChain.y, network);
    if (!innermost) up.add((here) => new PaperSkipConnection(levelAt(at + 1, here)));
    up.rectifier()
      .add((here) => new PaperTransposedConvolution(here, x.at(-1)!, { size: 4, bias: false }))
      .norm();
    if (!innermost && at >= 4) up.dropout();
    return new PaperChain([downChain, up.chain()]);
  };

  const down = new PaperSequence(from, network)
    .add((here) => new PaperConvolution(here, width, { ...halving, bias: isAlone }))
    .chain();
  const up = new PaperSequence(down.y, network)
    .add((here) => new PaperSkipConnection(levelAt(1, here)))
    .rectifier()
    .add((here) => new PaperTransposedConvolution(here, to.at(-1)!, { size: 4, bias: true }))
    .add((here) => new PaperTanh(here));
  return new PaperChain([down, up.chain()]);
}
