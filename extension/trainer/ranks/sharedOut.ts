import { RevganError } from "../../protocol/errors";
import type { Ranks } from "./ranks";

/** Thrown on all ranks when shared work was stopped, because the signal of one of them was aborted. */
export class Stopped extends RevganError {
  constructor() {
    super("interrupted", "stopped before every picture was translated", "run the command again");
  }
}

/**
 * Divides pieces of work among the ranks, in rounds: every rank does one piece, and rank 0 yields the results in the order of the pieces,
 * holding those of one round at a time. On the other ranks nothing is yielded. All ranks must iterate until the end.
 *
 * @param work does a piece, by its index; each is done by one rank. Its result is sent as by `Ranks.collect`
 * @param signal stops the work on all ranks when it is aborted on one; null: the work is not stopped
 * @throws Stopped on all ranks alike; on a rank the error of its `work`, which it reports to the others by `Ranks.tellFailure`
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
      // An error after an abort is ignored, because interrupted work may fail in any way.
      if (!isStopped()) throw error;
    }
    const { stop } = await ranks.meet({ stop: isStopped() });
    if (stop) throw new Stopped();
    const results = (await ranks.collect(own)) ?? [];
    // The last round may have fewer pieces than ranks. `shift` releases each result after its use.
    for (let left = Math.min(ranks.size, count - first); left > 0 && results.length > 0; left--)
      yield results.shift() as T;
  }
}
