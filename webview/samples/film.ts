import { t } from "../ui/text";
import { reducesMotion } from "../ui/appearance";
import { setPressed, toggle } from "../ui/toggle";
import type { StepChoice } from "./stepChoice";

/** Duration of a whole film, and the shortest and longest duration of one step in it, in milliseconds. */
const [filmLength, shortest, longest] = [6000, 100, 500];

/**
 * A button that plays the steps one after another; it starts at the first step if the last is shown. Hidden if the user prefers reduced
 * motion.
 */
export class Film {
  readonly element = toggle(t("Film"), () => (this.isPlaying ? this.stop() : this.play()));
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly choice: StepChoice,
    private readonly onMoved: () => void,
  ) {
    this.element.classList.add("samples-film");
    this.element.title = t("Plays the steps one after another");
  }

  /** Shows or hides the button. To be called when the steps or the preference for reduced motion may have changed. */
  show(): void {
    this.element.hidden = this.choice.count < 2 || reducesMotion();
    if (this.element.hidden) this.stop();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    setPressed(this.element, false);
  }

  private get isPlaying(): boolean {
    return this.timer !== undefined;
  }

  private play(): void {
    const { choice } = this;
    if (choice.index >= choice.count - 1) this.move(0);
    const pause = Math.min(longest, Math.max(shortest, filmLength / choice.count));
    this.timer = setInterval(() => {
      this.move(choice.index + 1);
      if (choice.index >= choice.count - 1) this.stop();
    }, pause);
    setPressed(this.element, true);
  }

  private move(index: number): void {
    this.choice.choose(index);
    this.onMoved();
  }
}
