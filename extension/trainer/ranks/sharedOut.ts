import { RevganError } from "../../protocol/errors";
import type { Ranks } from "./ranks";

/** Shared work was stopped on all ranks, because the signal of one of them was aborted. */
export class Stopped extends RevganError {
  constructor() {
    super("interrupted", "stopped before every picture was translated", "run the command again");
  }
}

/**
 * Shares out pieces of work, in rounds: every rank does one piece, and the first rank gets the results in the order of the pieces. It holds
 * those of one round at a time. On the other ranks nothing is yielded. All ranks must take part until the end.
 *
 * @param work does a piece, by its index; each is done by one rank. What it returns is sent as `Ranks.collect` does
 * @param signal stops the work on all ranks when it is aborted on one; null: it is not stopped
 * @throws Stopped on all ranks alike; on a rank what its `work` throws, which it tells the others by `Ranks.tellFailure`
 */
export async function* sharedOut<T>(
  ranks: Ranks,
  count: number,
  work: (index: number) => Promise<T>,
  signal: AbortSignal | null = null,
): AsyncGenerator<T, void, void> {
  const isStopped = (): boolean => signal?.aborted === true;
  for (let first = 0; first < count; first += ranks.size) {
    const index = first + ranks.rank;
    let own: T | null = null;
    try {
      if (index < count) own = await work(index);
    } catch (error) {
      // What was interrupted fails in many ways.
      if (!isStopped()) throw error;
    }
    const { stop } = await ranks.meet({ stop: isStopped() });
    if (stop) throw new Stopped();
    const results = (await ranks.collect(own)) ?? [];
    // The last round has fewer pieces than ranks. Each result is let go when it was used.
    for (let left = Math.min(ranks.size, count - first); left > 0 && results.length > 0; left--)
      yield results.shift() as T;
  }
}
