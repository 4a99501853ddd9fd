/** Which of the past steps is shown. The latest, as new ones come, until another one is chosen. */
export class StepChoice {
  private steps: readonly number[] = [];
  private chosen: number | null = null;

  /** The steps there are, ascending. One that was chosen stays chosen; if it is gone, the one before it is. */
  take(steps: readonly number[]): void {
    this.steps = steps;
    if (this.chosen !== null && !steps.includes(this.chosen))
      this.chosen = steps.findLast((step) => step < (this.chosen ?? 0)) ?? null;
  }

  get count(): number {
    return this.steps.length;
  }

  /** The shown step; null while there is none. */
  get step(): number | null {
    return this.chosen ?? this.steps.at(-1) ?? null;
  }

  /** Place of the shown step among the steps; −1 while there is none. */
  get index(): number {
    return this.chosen === null ? this.steps.length - 1 : this.steps.indexOf(this.chosen);
  }

  /** Whether the next sample will be shown. */
  get following(): boolean {
    return this.chosen === null;
  }

  /** Chooses by place, as far as there are steps; the last place follows what comes. */
  choose(index: number): void {
    const at = Math.max(0, index);
    this.chosen = at >= this.steps.length - 1 ? null : this.steps[at]!;
  }

  /** The steps beside the shown one. */
  get neighbours(): readonly number[] {
    return [this.steps[this.index - 1], this.steps[this.index + 1]].filter((step) => step !== undefined);
  }
}
