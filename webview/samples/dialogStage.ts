import { h, setText } from "../ui/element";
import { t } from "../ui/text";
import { setPressed, toggle, toggleGroup } from "../ui/toggle";
import { PictureFrame } from "./pictureFrame";

/** A picture in the dialog. Its label is visible only when two pictures are shown. */
export interface StagedPicture {
  readonly address: string;
  readonly alternative: string;
  readonly label: string;
}

/** Screen pixels per picture pixel; null fits the picture to the window. */
const zooms = [null, 1, 2, 4, 8] as const;
type Zoom = (typeof zooms)[number];

interface Place {
  readonly frame: PictureFrame;
  readonly label: HTMLElement;
  readonly element: HTMLElement;
}

/** Shows one picture, or two side by side, fitted to the window or enlarged by a whole factor. */
export class DialogStage {
  readonly element = h("div", { class: "dialog-stage", tabindex: 0, role: "group", "aria-label": t("Picture") });
  private zoom: Zoom = null;
  private places: readonly Place[] = [];
  private readonly choices = zooms.map((zoom) => ({
    zoom,
    button: toggle(zoom === null ? t("Fit") : t("{0}×", zoom), () => this.take(zoom)),
  }));
  readonly zooms = toggleGroup(
    t("Zoom"),
    this.choices.map(({ button }) => button),
  );

  constructor() {
    this.press();
  }

  show(pictures: readonly StagedPicture[]): void {
    if (pictures.length !== this.places.length) {
      // When a second picture is added, it is put at the left, and the first keeps its element as the right one.
      const kept = this.places.at(-1);
      const fresh = pictures.map((_, at) =>
        at === pictures.length - 1 && kept !== undefined ? kept : this.makePlace(),
      );
      this.places = fresh;
      this.element.replaceChildren(...fresh.map(({ element }) => element));
    }
    for (const [at, { frame, label }] of this.places.entries()) {
      const { address, alternative, label: text } = pictures[at]!;
      frame.show(address, alternative);
      setText(label, text);
      label.hidden = pictures.length === 1;
    }
    this.fit();
  }

  /** Whether a key event scrolls a picture that is larger than its frame. */
  scrolls(target: EventTarget | null): boolean {
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = this.element;
    return target === this.element && (scrollWidth > clientWidth || scrollHeight > clientHeight);
  }

  /** Sizes the pictures to the chosen scale. */
  fit(): void {
    const { clientWidth, clientHeight } = this.element;
    const room = { width: (clientWidth - 40) / Math.max(1, this.places.length) - 8, height: clientHeight - 64 };
    for (const { frame } of this.places) {
      const image = frame.element.querySelector("img");
      if (image === null || image.naturalWidth === 0) continue;
      const most = Math.min(room.width / image.naturalWidth, room.height / image.naturalHeight) * devicePixelRatio;
      // The factor is a whole number, so that all pixels have the same size; only a picture larger than the window is scaled down.
      const scale = this.zoom ?? (most > 1 ? Math.floor(most) : most);
      image.style.width = `${Math.max(1, (image.naturalWidth * scale) / devicePixelRatio)}px`;
    }
  }

  private makePlace(): Place {
    const frame = new PictureFrame(() => this.fit());
    const label = h("figcaption");
    return { frame, label, element: h("figure", {}, label, frame.element) };
  }

  private take(zoom: Zoom): void {
    this.zoom = zoom;
    this.press();
    this.fit();
  }

  private press(): void {
    for (const { zoom, button } of this.choices) setPressed(button, zoom === this.zoom);
  }
}
