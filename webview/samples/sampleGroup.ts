import type { SampleFigures } from "../../extension/protocol/panel";
import type { Domain } from "../../extension/protocol/runFileNames";
import { h } from "../ui/element";
import { t } from "../ui/text";
import { PictureFrame } from "./pictureFrame";
import { figuresOf } from "./sampleFigures";
import { addressOf, describePicture, kindLabel, rowsOf, type SamplePicture } from "./sampleNames";
import type { SliceChoice } from "./sliceChoice";

interface Place {
  readonly picture: SamplePicture;
  readonly frame: PictureFrame;
  readonly figures: HTMLElement;
}

/** A domain's pictures, one row per sample: input, translation, translation back. */
export class SampleGroup {
  readonly element: HTMLElement;
  private readonly places: readonly Place[];

  /** @param open called to show a picture at full size */
  constructor(domain: Domain, pictures: readonly SamplePicture[], open: (picture: SamplePicture) => void) {
    const rows = rowsOf(pictures, domain);
    const kinds = [...new Set(rows.flat().map(({ kind }) => kind))];
    this.places = rows.flat().map((picture) => ({
      picture,
      frame: new PictureFrame(),
      figures: h("figcaption", { class: "samples-figures" }),
    }));
    const columns = kinds.map((kind) =>
      h("span", { class: "samples-column", "aria-hidden": "true" }, kindLabel(domain, kind)),
    );
    const cells = this.places.map(({ picture, frame, figures }) =>
      h(
        "figure",
        { "data-picture": picture.name },
        h(
          "button",
          { type: "button", class: "samples-picture", title: t("Open at full size"), onClick: () => open(picture) },
          frame.element,
        ),
        figures,
      ),
    );
    const grid = h("div", { class: `samples-grid samples-columns-${kinds.length}` }, ...columns, ...cells);
    this.element = h(
      "section",
      {
        class: "samples-group",
        "aria-label": kinds.includes("cycled") ? thereAndBack(domain) : kindLabel(domain, "translated"),
        "data-domain": domain,
      },
      grid,
    );
    this.element.hidden = rows.length === 0;
  }

  show({
    base,
    step,
    slices,
    known,
  }: {
    readonly base: string;
    readonly step: number;
    readonly slices: SliceChoice;
    readonly known: SampleFigures | undefined;
  }): void {
    for (const { picture, frame, figures } of this.places) {
      frame.show(addressOf(base, step, slices.nameOf(picture)), describePicture(picture, step));
      const texts = figuresOf(known, picture);
      if (texts.join(" ") !== figures.textContent)
        figures.replaceChildren(...texts.flatMap((text, at) => [at === 0 ? "" : " ", h("span", {}, text)]));
    }
  }
}

function thereAndBack(domain: Domain): string {
  return domain === "a" ? t("A to B and back") : t("B to A and back");
}
