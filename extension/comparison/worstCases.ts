/** How many of the worst cases of an evaluation are shown: the rows of its contact sheet. */
export const worstShown = 8;

/** Keeps the cases with the largest error: `mae` against the truth, or `cycleMae` where no truth is known. */
export class WorstCases<T extends { readonly metrics: object }> {
  private kept: readonly T[] = [];

  /** @param most the number of cases that are kept */
  constructor(private readonly most: number) {}

  add(measured: T): void {
    this.kept = [...this.kept, measured].sort((x, y) => errorOf(y) - errorOf(x)).slice(0, this.most);
  }

  /** The kept cases, the worst first; cases with equal errors are in the order in which they were added. */
  get cases(): readonly T[] {
    return this.kept;
  }
}

function errorOf({ metrics }: { readonly metrics: { readonly mae?: unknown; readonly cycleMae?: unknown } }): number {
  const error = metrics.mae ?? metrics.cycleMae;
  return typeof error === "number" ? error : 0;
}
