import { h } from "../ui/element";
import { t } from "../ui/text";

/** Pictures whose shorter side has at least this many pixels are scaled smoothly; smaller ones are shown with sharp pixels. */
const minSmoothSide = 200;

/**
 * Shows a picture, or a text when it cannot be loaded. The current picture stays until the next one is decoded, which avoids flicker.
 */
export class PictureFrame {
  readonly element = h("span", { class: "picture-frame" });
  private wanted = { address: "", number: 0 };
  private shown = 0;
  private part: PicturePart = "whole";

  /** @param onShown called with each picture once it is shown */
  constructor(private readonly onShown: (image: HTMLImageElement) => void = () => undefined) {}

  /** Loads and shows a picture. @param alternative text for screen readers */
  show(address: string, alternative: string): void {
    if (address === this.wanted.address) return;
    this.wanted = { address, number: this.wanted.number + 1 };
    const { number } = this.wanted;
    const image = new Image();
    image.alt = alternative;
    image.draggable = false;
    image.src = address;
    image.decode().then(
      () =>
        this.place(number, image, () => {
          image.classList.toggle("picture-fine", Math.min(image.naturalWidth, image.naturalHeight) >= minSmoothSide);
          this.crop();
          this.onShown(image);
        }),
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

  /** Shows the whole picture, or only the first of the three planes that a volume's picture holds side by side. */
  showPart(part: PicturePart): void {
    if (JSON.stringify(part) === JSON.stringify(this.part)) return;
    this.part = part;
    this.crop();
  }

  /**
   * Shows a decoded picture, or the text that replaces it. If a picture that was requested later is shown already, does nothing: decoding
   * may finish in another order than it was requested in.
   */
  private place(number: number, content: HTMLElement, done: () => void): void {
    if (number < this.shown) return;
    this.shown = number;
    this.element.replaceChildren(content);
    done();
  }

  private crop(): void {
    const image = this.element.querySelector("img");
    const plane =
      this.part === "whole" || image === null ? null : this.part === "plane" ? likelyPlane(image) : this.part;
    this.element.classList.toggle("picture-plane", plane !== null);
    this.element.style.aspectRatio = plane === null ? "" : `${plane.width} / ${plane.height}`;
    if (image !== null) image.style.width = plane === null ? "" : `${(100 * image.naturalWidth) / plane.width}%`;
  }
}

/** The pixels of a plane, which lies at the picture's top left. */
export interface PlaneSize {
  readonly width: number;
  readonly height: number;
}

/** The part of a picture to show; `plane` is the first plane of a volume's picture when the plane's size is unknown. */
export type PicturePart = "whole" | "plane" | PlaneSize;

/**
 * Guesses the size of a volume's first plane from the size of its picture. The picture holds three planes side by side: `width` by
 * `height`, `width` by `depth` and `height` by `depth`. Its own width is thus `2 * width + height`, and its height is that of the volume
 * unless the volume is deeper than high: then the guess is wrong. Null for a size that no three planes give.
 */
function likelyPlane({ naturalWidth, naturalHeight }: HTMLImageElement): PlaneSize | null {
  const width = (naturalWidth - naturalHeight) / 2;
  return width >= 1 && Number.isInteger(width) ? { width, height: naturalHeight } : null;
}
