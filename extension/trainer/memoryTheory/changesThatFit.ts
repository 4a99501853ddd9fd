import type { Config } from "../../configuration/defaults";
import { axesOf, sideMultiple, smallestTrainingSide, type Size } from "../../configuration/sizes";
import { configuredCase } from "./memoryBudget";
import { MemoryTheory } from "./memoryTheory";

/** Changes of a configuration, each of which alone makes a step fit into the budget. A key is undefined if no value of it does. */
export interface ChangesThatFit {
  readonly backprop?: "recompute";
  /** Null if a step without a memory budget fits, in which every block is recomputed. */
  readonly memoryBudget?: null;
  readonly cropSize?: Size;
  readonly depth?: number;
  readonly width?: number;
}

/**
 * Finds the largest crop size, depth and width with which the predicted peak of a training step is at most `budget` bytes. Memory grows
 * with each of them, so a binary search finds the value. With `network.memoryBudget` set, memory need not grow, since a smaller network
 * stores more blocks: the values found still fit, but larger ones may fit, too.
 *
 * @param config without a fixed `data.cropSize` nothing can be predicted, and the result is empty
 * @param engine the engine whose memory is predicted
 */
export function changesThatFit(config: Config, budget: number, engine: string): ChangesThatFit {
  const { network, data } = config;
  if (axesOf(data.cropSize, network.dimensions) === null) return {};
  const fits = (changed: Partial<Config["network"]>, cropSize: Size = data.cropSize): boolean => {
    const smaller: Config = { ...config, network: { ...network, ...changed }, data: { ...data, cropSize } };
    const theory = new MemoryTheory(smaller, engine);
    const step = configuredCase(theory, smaller.network);
    return step !== null && theory.at(step).peak <= budget;
  };
  const isReversible = network.kind === "revgan";
  const sizes = smallerSizes(config);
  const size = sizes[largest(sizes.length - 1, (at) => fits({}, sizes[at]))];
  const depth = network.generator === "resnet" ? largest(network.depth - 1, (each) => fits({ depth: each })) : -1;
  // Reversible blocks split their channels into two halves.
  const widthMultiple = network.downsampling === 0 ? 2 : 1;
  const width =
    widthMultiple *
    (1 + largest(Math.ceil(network.width / widthMultiple) - 2, (less) => fits({ width: widthMultiple * (less + 1) })));
  return {
    ...(isReversible &&
      network.backprop !== "recompute" &&
      fits({ backprop: "recompute" }) && { backprop: "recompute" as const }),
    ...(network.memoryBudget !== null && fits({ memoryBudget: null }) && { memoryBudget: null }),
    ...(size !== undefined && { cropSize: size }),
    ...(depth >= 0 && { depth }),
    ...(width > 0 && { width }),
  };
}

/** Crop sizes below `data.cropSize`, of the same proportions, that the network accepts, in ascending order. */
function smallerSizes({ network, data }: Config): Size[] {
  const axes = axesOf(data.cropSize, network.dimensions)!;
  const multiple = sideMultiple(network);
  const least = smallestTrainingSide(network);
  const longest = Math.max(...axes);
  const sizes: Size[] = [];
  for (let side = multiple; side < longest; side += multiple) {
    const scaled = axes.map((axis) => Math.floor((axis * side) / longest / multiple) * multiple);
    if (scaled.every((axis) => axis >= least))
      sizes.push(typeof data.cropSize === "number" ? side : (scaled as unknown as Size));
  }
  return sizes;
}

/**
 * The largest number from 0 to `most` for which `fits` holds, by binary search; −1 if none. If it holds for a number, it must hold for all
 * smaller ones.
 */
function largest(most: number, fits: (number: number) => boolean): number {
  let [low, high] = [-1, most];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
