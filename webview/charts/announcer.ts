import { h, setText } from "../ui/element";

/** Keys that are held down pass many values; only the one where they rest is said. */
const restMs = 250;

/** Says things through the screen reader, when it has nothing else to say. */
export class Announcer {
  readonly element = h("p", { class: "visually-hidden", "aria-live": "polite" });
  private timer: ReturnType<typeof setTimeout> | undefined;

  say(text: () => string): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => setText(this.element, text()), restMs);
  }
}
