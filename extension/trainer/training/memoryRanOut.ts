import type { Config } from "../../configuration/config";
import { RevganError } from "../../protocol/errors";
import { changesThatFit } from "../memoryTheory/changesThatFit";
import { smaller } from "../engines/engineFailure";
import { formatBytes } from "../formatBytes";
import type { OutOfMemory } from "../kernels/outOfMemory";
import { elements } from "../kernels/tensor";

/** A training step during which memory ran out, and the run that it belongs to. */
export interface OutOfMemoryStep {
  readonly config: Config;
  /** The engine's name, for example `native-gpu`. */
  readonly engine: string;
  /** The step, counted from 1. */
  readonly step: number;
  /** The most tensor bytes that were live at once in the step; all of these did fit. */
  readonly peak: number;
  /** The run's folder. */
  readonly run: string;
  readonly checkpoint: { readonly step: number } | null;
}

/**
 * The error that the user sees: the allocation that failed, and settings with which the predicted memory of a step fits (memoryTheory/).
 */
export function memoryRanOut(
  error: OutOfMemory,
  { config, engine, step, peak, run, checkpoint }: OutOfMemoryStep,
): RevganError {
  const where = engine === "native-gpu" || engine === "webgpu" ? "the GPU's memory" : "memory";
  const wanted = error.tensor === null ? "more" : `a tensor of ${formatBytes(4 * elements(error.tensor))}`;
  const message = `${where} ran out in step ${step}: there was no room for ${wanted} beside ${formatBytes(peak)} of others`;
  const { backprop, memoryBudget, cropSize, depth, width } = changesThatFit(config, peak, engine);
  const going = [
    ...(backprop === undefined ? [] : [`network.backprop=${backprop}`]),
    ...(memoryBudget === undefined ? [] : ["network.memoryBudget=null"]),
    ...(cropSize === undefined ? [] : [`data.cropSize=${JSON.stringify(cropSize)}`]),
  ];
  const anew = [
    ...(depth === undefined ? [] : [`network.depth=${depth}`]),
    ...(width === undefined ? [] : [`network.width=${width}`]),
  ];
  const words = [
    ...(checkpoint !== null && going.length > 0
      ? [
          `go on from step ${checkpoint.step} with what fits: \`revgan resume ${run} --set ${going.join("` or `--set ")}\``,
        ]
      : []),
    ...trainAnewWith(checkpoint === null ? [...going, ...anew] : anew),
  ];
  const remedy = words.length > 0 ? words.join("; ") : smaller;
  return new RevganError("memory", message, remedy, {
    cause: error,
    ...(checkpoint !== null && going[0] !== undefined && { resumeWith: going[0] }),
  });
}

function trainAnewWith(sets: readonly string[]): string[] {
  return sets.length === 0 ? [] : [`train anew with ${sets.join(" or ")}, which ${sets.length === 1 ? "fits" : "fit"}`];
}
