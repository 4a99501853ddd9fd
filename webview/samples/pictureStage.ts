import type { SampleKind } from "../../extension/protocol/runFileNames";
import { h } from "../ui/element";
import { t } from "../ui/text";
import { SampleFigure, type ShownStep } from "./sampleFigure";
import { type SamplePicture } from "./sampleNames";
import { directionLabel, domainOf } from "../state/domainNames";
import type { DirectionChoice } from "./directionChoice";

const largeKinds = ["input", "translated", "truth"] as const satisfies readonly SampleKind[];

/** Shows one sample: input, translation and truth large; beside them, smaller, the translation back and the other direction. */
export class PictureStage {
  private readonly large: Readonly<Record<(typeof largeKinds)[number], SampleFigure>>;
  private readonly back: SampleFigure;
  private readonly otherInput: SampleFigure;
  private readonly otherTranslated: SampleFigure;
  private readonly other: HTMLElement;
  /** The large pictures. */
  readonly row: HTMLElement;
  /** The smaller pictures. */
  readonly aside: HTMLElement;

  /** @param open called with the picture that the user wants to see at full size */
  constructor(
    private readonly direction: DirectionChoice,
    open: (picture: SamplePicture) => void,
  ) {
    const figure = (): SampleFigure => new SampleFigure(open);
    this.large = { input: figure(), translated: figure(), truth: figure() };
    [this.back, this.otherInput, this.otherTranslated] = [figure(), figure(), figure()];
    this.row = h(
      "div",
      { class: "samples-large", role: "group" },
      ...largeKinds.map((kind) => this.large[kind].element),
    );
    this.other = h(
      "div",
      { class: "samples-other", role: "group" },
      this.otherInput.element,
      this.otherTranslated.element,
    );
    this.aside = h("div", { class: "samples-aside" }, this.back.element, this.other);
  }

  /**
   * @param pictures of both domains
   * @param index of the chosen sample; if the other domain has fewer samples, its last one is shown
   */
  show(pictures: readonly SamplePicture[], index: number, shown: ShownStep): void {
    const domain = domainOf(this.direction.direction);
    const find = (of: "a" | "b", at: number, kind: SampleKind): SamplePicture | null =>
      pictures.find((picture) => picture.domain === of && picture.index === at && picture.kind === kind) ?? null;
    for (const kind of largeKinds) this.large[kind].show(find(domain, index, kind), shown);
    const hasTruth = find(domain, index, "truth") !== null;
    this.row.classList.toggle("samples-three", hasTruth);
    this.row.setAttribute("aria-label", directionLabel(this.direction.direction, shown.names));
    const back = find(domain, index, "cycled");
    this.back.show(back, shown);
    const opposite = domain === "a" ? "b" : "a";
    const last = Math.max(-1, ...pictures.filter((picture) => picture.domain === opposite).map((each) => each.index));
    const at = Math.min(index, last);
    this.otherInput.show(find(opposite, at, "input"), shown);
    this.otherTranslated.show(find(opposite, at, "translated"), shown);
    this.other.hidden = last < 0;
    this.other.setAttribute("aria-label", t("The other direction"));
    this.aside.hidden = back === null && last < 0;
  }
}
