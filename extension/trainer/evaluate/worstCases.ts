import type { JudgedCase } from "./evaluator";

/** Keeps the cases that are furthest from the truth, or from where they began where no truth is known. */
export class WorstCases {
  private kept: readonly JudgedCase[] = [];

  /** @param most how many are kept; the others' pictures are let go */
  constructor(private readonly most: number) {}

  add(judged: JudgedCase): void {
    this.kept = [...this.kept, judged].sort((x, y) => errorOf(y) - errorOf(x)).slice(0, this.most);
  }

  /** The worst first. */
  get cases(): readonly JudgedCase[] {
    return this.kept;
  }
}

function errorOf({ metrics }: JudgedCase): number {
  return metrics.mae ?? metrics.cycleMae ?? 0;
}
