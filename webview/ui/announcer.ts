import { h, setText } from "./element";

/** Milliseconds without a further call after which a text is announced. A held key changes the text many times a second. */
const announceDelay = 250;

/** Announces texts to screen readers through a polite live region. */
export class Announcer {
  readonly element = h("p", { class: "visually-hidden", "aria-live": "polite" });
  private timer: ReturnType<typeof setTimeout> | undefined;

  announce(text: () => string): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => setText(this.element, text()), announceDelay);
  }
}
