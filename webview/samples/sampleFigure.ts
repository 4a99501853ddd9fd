import type { SampleFigures } from "../../extension/protocol/panel";
import { h, setText } from "../ui/element";
import { t } from "../ui/text";
import { PictureFrame, type PicturePart } from "./pictureFrame";
import { figuresOf } from "./sampleFigures";
import { addressOf, describePicture, kindLabel, type SamplePicture } from "./sampleNames";
import type { DomainNames } from "../state/domainNames";
import type { SliceChoice } from "./sliceChoice";

/** Everything besides the picture itself that is needed to show the samples of a step. */
export interface ShownStep {
  /** The address of the run's folder of samples; ends with a slash. */
  readonly base: string;
  readonly step: number;
  readonly slices: SliceChoice;
  /** The step's quality figures, as far as they are known. */
  readonly figures: SampleFigures | undefined;
  readonly names: DomainNames;
  /** The size of the first plane of a volume's pictures by `a-0`, `b-0`…, as far as it is known. */
  readonly planes: ReadonlyMap<string, PicturePart>;
}

/** A picture with its title and its quality figures below it; a click opens it at full size. */
export class SampleFigure {
  private readonly frame = new PictureFrame();
  private readonly title = h("span", { class: "samples-title" });
  private readonly numbers = h("span", { class: "samples-figures" });
  private picture: SamplePicture | null = null;
  readonly element: HTMLElement;

  constructor(open: (picture: SamplePicture) => void) {
    const onClick = (): void => {
      if (this.picture !== null) open(this.picture);
    };
    this.element = h(
      "figure",
      { class: "samples-figure" },
      h(
        "button",
        { type: "button", class: "samples-picture", title: t("Open at full size"), onClick },
        this.frame.element,
      ),
      h("figcaption", {}, this.title, this.numbers),
    );
  }

  /** Shows a picture of a step. @param picture null hides the figure */
  show(picture: SamplePicture | null, shown: ShownStep): void {
    this.picture = picture;
    this.element.hidden = picture === null;
    if (picture === null) return;
    this.element.dataset.picture = picture.name;
    this.frame.show(
      addressOf(shown.base, shown.step, shown.slices.nameOf(picture)),
      describePicture(picture, shown.step, shown.names),
    );
    this.frame.showPart(shown.slices.allPlanes ? "whole" : shownPartOf(picture, shown));
    setText(this.title, kindLabel(picture.domain, picture.kind, shown.names));
    const texts = figuresOf(shown.figures, picture);
    if (texts.join(" ") !== this.numbers.textContent)
      this.numbers.replaceChildren(...texts.flatMap((text, at) => [at === 0 ? "" : " ", h("span", {}, text)]));
  }
}

/** The part of a picture that is shown: of a volume's picture only its first plane. */
export function shownPartOf({ domain, index }: SamplePicture, { slices, planes }: ShownStep): PicturePart {
  return slices.areVolumes ? (planes.get(`${domain}-${index}`) ?? "plane") : "whole";
}
