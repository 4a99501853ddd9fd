import { h } from "../ui/element";
import { t } from "../ui/text";

/**
 * Shows a picture, or a text when it cannot be loaded. The current picture stays until the next one is decoded, which avoids flicker.
 */
export class PictureFrame {
  readonly element = h("span", { class: "picture-frame" });
  private wanted = { address: "", number: 0 };
  private shown = 0;

  /** Called with each picture once it is shown. */
  constructor(private readonly onShown: (image: HTMLImageElement) => void = () => undefined) {}

  /** @param alternative text for screen readers */
  show(address: string, alternative: string): void {
    if (address === this.wanted.address) return;
    this.wanted = { address, number: this.wanted.number + 1 };
    const { number } = this.wanted;
    const image = new Image();
    image.alt = alternative;
    image.draggable = false;
    image.src = address;
    image.decode().then(
      () => this.place(number, image, () => this.onShown(image)),
      () =>
        this.place(
          number,
          h(
            "span",
            { class: "picture-missing" },
            h("span", { class: "visually-hidden" }, `${alternative}: `),
            t("No picture"),
          ),
          () => undefined,
        ),
    );
  }

  /** While a slider is dragged, earlier pictures are shown until a later one was shown. */
  private place(number: number, content: HTMLElement, done: () => void): void {
    if (number < this.shown) return;
    this.shown = number;
    this.element.replaceChildren(content);
    done();
  }
}
