import type { Config } from "../../extension/protocol/configDefaults";
import { backpropsOf } from "../../extension/protocol/networkKind";
import { memoryTheory } from "../../extension/protocol/memoryTheory";
import type { MemoryLine } from "../../extension/protocol/lines";
import type { Backprop } from "./modes";

type Shares = MemoryLine["theory"];
/** What each mode that the network has needs at a depth. */
export interface TheoryPoint {
  readonly depth: number;
  readonly needs: Readonly<Partial<Record<Backprop, Shares>>>;
}

/** The page stays alive between slices of this length. */
const sliceMilliseconds = 8;
/** Up to here every depth is computed; the curves of deeper networks have as many points. */
const mostDepths = 32;

/** The depths at which the theory is asked: from 0 to past the deepest that is known of. A U-Net has its own alone. */
export function depthsOf(
  { generator, depth }: Pick<Config["network"], "generator" | "depth">,
  measured: readonly number[],
): number[] {
  if (generator !== "resnet") return [depth];
  const last = Math.max(16, 2 * depth, ...measured);
  const count = Math.min(last, mostDepths);
  const even = Array.from({ length: count + 1 }, (_, i) => Math.round((i * last) / count));
  return [...new Set([...even, depth, ...measured])].sort((a, b) => a - b);
}

/** The theory of one configuration; computed in small slices, because a deep network takes its time. */
export class TheoryCurves {
  private readonly known = new Map<number, TheoryPoint>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Why there is no theory for this configuration. */
  error: string | null = null;

  /** @param engine the one that the run has; what computes has a part in what is needed */
  constructor(
    private readonly config: Config,
    private readonly engine: string = config.engine,
  ) {}

  /** The points of these depths; undefined while some are missing: `onReady` is called once they are there. */
  points(depths: readonly number[], onReady: () => void): readonly TheoryPoint[] | undefined {
    clearTimeout(this.timer);
    if (this.error !== null) return [];
    const end = performance.now() + sliceMilliseconds;
    for (const depth of depths) {
      if (this.known.has(depth)) continue;
      if (performance.now() > end) {
        this.timer = setTimeout(() => {
          // Another slice; the caller is told only when there is something to draw.
          if (this.points(depths, onReady) !== undefined) onReady();
        });
        return undefined;
      }
      try {
        const need = (backprop: Backprop): Shares =>
          memoryTheory(this.config, { depth, backprop, engine: this.engine });
        const needs = Object.fromEntries(
          backpropsOf(this.config.network).map((backprop) => [backprop, need(backprop)]),
        );
        this.known.set(depth, { depth, needs });
      } catch (error) {
        this.error = error instanceof Error ? error.message : String(error);
        return [];
      }
    }
    return depths.map((depth) => this.known.get(depth)!);
  }

  /** What the modes need at a depth; undefined where it is not known. */
  at(depth: number): TheoryPoint | undefined {
    return this.known.get(depth);
  }

  /** Stops computing. */
  dispose(): void {
    clearTimeout(this.timer);
  }
}
