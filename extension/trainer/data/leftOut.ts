import { TransientError, RevganError } from "../../protocol/errors";
import type { Ranks } from "../ranks/ranks";
import type { Sources } from "./dataset/dataset";
import type { FileProblem } from "./decoder/decoderFiles";
import type { Usable } from "./sampler";

/** The most files that get a warning of their own. */
const mostWarnings = 20;

/**
 * The files that a training with `data.skipUnreadable` leaves out, as they are found. They stay in the lists of files; another image
 * replaces them only in the steps that use them. So the images of all other steps do not depend on when a file was found.
 */
export class LeftOut {
  private readonly problems = new Map<string, FileProblem>();
  /** Records a new file in the run; undefined until there is a run, and on all ranks but rank 0. */
  private record: ((problem: FileProblem) => Promise<void>) | undefined;
  private readonly unrecorded: FileProblem[] = [];
  /** Files that are being recorded. */
  private readonly adding = new Map<string, Promise<void>>();
  /** The number of files that were added. */
  private found = 0;

  /**
   * @param warn called once for each of the first files that are left out
   * @param known the problems that the run has recorded before
   */
  constructor(
    private readonly warn: (text: string) => void = () => undefined,
    known: readonly FileProblem[] = [],
  ) {
    for (const problem of known) this.problems.set(problem.file, problem);
  }

  has(file: string): boolean {
    return this.problems.has(file);
  }

  /** Records the files found so far by `record`, and from now on every further file before it counts as left out. */
  async recordWith(record: (problem: FileProblem) => Promise<void>): Promise<void> {
    this.record = record;
    for (const problem of this.unrecorded.splice(0)) await record(problem);
  }

  /**
   * Adds a file, only once even when the training and the check beside it find it at the same time.
   * @throws what the recording throws; the file then is not left out yet
   */
  async add(problem: FileProblem): Promise<void> {
    const { file } = problem;
    if (this.has(file)) return;
    const running = this.adding.get(file) ?? this.addNew(problem).finally(() => this.adding.delete(file));
    this.adding.set(file, running);
    await running;
  }

  /**
   * Adds to rank 0's files those that only other ranks have found. Every rank must call it.
   * @param retry runs work that records a file, again after each TransientError
   */
  async gather(ranks: Ranks, retry: (work: () => Promise<void>) => Promise<void>): Promise<void> {
    await ranks.meet();
    const found = await ranks.exchange(ranks.isFirst ? [] : this.unrecorded.splice(0));
    if (ranks.isFirst) for (const problem of found.flat()) await retry(() => this.add(problem));
  }

  usableOf({ a, b }: Sources): Usable {
    return { a: (index) => !this.has(a[index]!.file), b: (index) => !this.has(b[index]!.file) };
  }

  private async addNew(problem: FileProblem): Promise<void> {
    if (this.record === undefined) this.unrecorded.push(problem);
    else await this.record(problem);
    this.problems.set(problem.file, problem);
    this.found++;
    if (this.found <= mostWarnings) this.warn(leftOutText(problem));
    else if (this.found === mostWarnings + 1)
      this.warn("further files that cannot be used are named in the run's log alone");
  }
}

/** The warning about a file that is left out. */
export function leftOutText({ file, reason }: FileProblem): string {
  return `without ${file}: it ${reason}`;
}

/** The problem that an error reports of a file; null for an error with another cause, such as a folder that cannot be reached. */
export function problemIn(file: string, error: unknown): FileProblem | null {
  if (!(error instanceof RevganError) || error.code !== "data" || error instanceof TransientError) return null;
  const reason = error.message.startsWith(`${file} `) ? error.message.slice(file.length + 1) : error.message;
  return { file, reason, remedy: error.remedy };
}
