/** The shown step. Until the user chooses a step it is the latest, and changes when a new one arrives. */
export class StepChoice {
  private steps: readonly number[] = [];
  private chosen: number | null = null;

  /** Sets the existing steps, ascending. The chosen step stays; if it no longer exists, the one before it is chosen. */
  setSteps(steps: readonly number[]): void {
    this.steps = steps;
    if (this.chosen !== null && !steps.includes(this.chosen))
      this.chosen = steps.findLast((step) => step < (this.chosen ?? 0)) ?? null;
  }

  get count(): number {
    return this.steps.length;
  }

  /** The shown step; null while there are no steps. */
  get step(): number | null {
    return this.chosen ?? this.steps.at(-1) ?? null;
  }

  /** Index of the shown step; −1 while there are no steps. */
  get index(): number {
    return this.chosen === null ? this.steps.length - 1 : this.steps.indexOf(this.chosen);
  }

  /** Whether the latest step is shown and a new step will replace it. */
  get following(): boolean {
    return this.chosen === null;
  }

  /** Chooses a step by its index, which is clamped. With the last index the choice follows new steps. */
  choose(index: number): void {
    const at = Math.max(0, index);
    this.chosen = at >= this.steps.length - 1 ? null : this.steps[at]!;
  }

  /** The steps before and after the shown one. */
  get neighbours(): readonly number[] {
    return [this.steps[this.index - 1], this.steps[this.index + 1]].filter((step) => step !== undefined);
  }
}
