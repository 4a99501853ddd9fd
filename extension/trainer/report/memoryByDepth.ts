import { theoryDepths } from "../../charts/theoryDepths";
import type { Config } from "../../configuration/config";
import { backpropsOf, memoryModeOf } from "../../configuration/networkKind";
import type { MemoryLine, MemoryMode } from "../../protocol/lines";
import type { TheoryPoint } from "../../protocol/panel";
import { RevganError } from "../../protocol/errors";
import { costsByDepth } from "../memoryTheory/networkCosts";

/** The memory of a step as a function of the number of blocks. */
export interface MemoryByDepth {
  /** What the run's training keeps for the backward pass. */
  readonly mode: MemoryMode;
  /** The predictions of the theory, ascending in depth; empty where the size of the pictures is not fixed. */
  readonly points: readonly TheoryPoint[];
  /** Measurements on the machine where the run is. */
  readonly measured: readonly MemoryLine[];
}

/**
 * @param engine the engine that the run was trained on
 * @param measured measurements of this configuration
 */
export function memoryByDepth(
  config: Config,
  engine: string | undefined,
  measured: readonly MemoryLine[],
): MemoryByDepth {
  const mode = memoryModeOf(config.network);
  return { mode, measured, points: theory(config, engine, measured) };
}

function theory(config: Config, engine: string | undefined, measured: readonly MemoryLine[]): readonly TheoryPoint[] {
  const depths = theoryDepths(
    config.network,
    measured.map(({ depth }) => depth),
  );
  try {
    const computation = costsByDepth(config, engine, backpropsOf(config.network), depths);
    for (;;) {
      const { done, value } = computation.next();
      if (done === true) return value;
    }
  } catch (error) {
    if (error instanceof RevganError) return [];
    throw error;
  }
}
