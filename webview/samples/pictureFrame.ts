import { h } from "../ui/element";
import { t } from "../ui/text";

/**
 * A place for a picture. It keeps the picture that it has until the next one is decoded, so that nothing flickers, and says in
 * words when there is none.
 */
export class PictureFrame {
  readonly element = h("span", { class: "picture-frame" });
  private wanted = { address: "", number: 0 };
  private shown = 0;

  /** Called with a picture when it is there. */
  constructor(private readonly onShown: (image: HTMLImageElement) => void = () => undefined) {}

  /** @param alternative what the picture is, in words */
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

  /** A later one that is already there wins; an earlier one is welcome while a slider is dragged. */
  private place(number: number, content: HTMLElement, done: () => void): void {
    if (number < this.shown) return;
    this.shown = number;
    this.element.replaceChildren(content);
    done();
  }
}
