import { directions } from "../../extension/protocol/lines";
import type { SampleFigures } from "../../extension/protocol/panel";
import { hasEnded } from "../panel/runText";
import type { PanelState, ShownRun } from "../state/panelState";
import { h } from "../ui/element";
import type { Section, SectionHost } from "../ui/section";
import { t } from "../ui/text";
import "./samples.css";
import type { DirectionChoice } from "./directionChoice";
import { DirectionSwitch } from "./directionSwitch";
import { Filmstrip } from "./filmstrip";
import type { PicturePart } from "./pictureFrame";
import { PicturePreloader } from "./picturePreloader";
import { PictureStage } from "./pictureStage";
import { SampleDialog } from "./sampleDialog";
import { FigureRequests } from "./sampleFigures";
import { addressOf, picturesOf, rowsOf, type SamplePicture } from "./sampleNames";
import { domainOf, namesOf } from "../state/domainNames";
import { StepChoice } from "./stepChoice";
import { SliceChoice } from "./sliceChoice";
import { SliceSlider } from "./sliceSlider";
import { StepSlider } from "./stepSlider";

/** Shows one sample large and all in a strip, in the direction and at the step that the user chooses. */
export class SamplesView implements Section {
  private readonly choice = new StepChoice();
  private readonly slider = new StepSlider(this.choice, () => this.show());
  private readonly slices = new SliceChoice();
  private readonly sliceSlider = new SliceSlider(this.slices, () => this.show(), true);
  private readonly preloader = new PicturePreloader();
  private readonly switch: DirectionSwitch;
  private readonly stage: PictureStage;
  private readonly strip = new Filmstrip(() => this.show());
  private readonly requests: FigureRequests;
  private readonly dialog: SampleDialog;
  private readonly empty = h("p", { class: "samples-empty" });
  private readonly content: HTMLElement;
  private pictures: readonly SamplePicture[] = [];
  private shown: ShownRun | null = null;
  private figures: ReadonlyMap<number, SampleFigures> = new Map();
  private shownDirection: string | null = null;
  readonly element: HTMLElement;

  constructor(
    host: SectionHost,
    private readonly direction: DirectionChoice,
  ) {
    this.switch = new DirectionSwitch(direction);
    this.requests = new FigureRequests(host);
    this.dialog = new SampleDialog(host, this.choice, this.slices, () => this.show());
    this.stage = new PictureStage(direction, (picture) => this.dialog.open(picture));
    this.content = h(
      "div",
      { class: "samples-content" },
      this.stage.row,
      h("div", { class: "samples-controls" }, this.switch.element, this.slider.element, this.sliceSlider.element),
      this.strip.element,
      this.stage.aside,
    );
    this.element = h(
      "section",
      { class: "samples", "aria-labelledby": "samples-title" },
      h("h2", { id: "samples-title", class: "visually-hidden" }, t("Samples")),
      this.empty,
      this.content,
      this.dialog.element,
    );
  }

  update({ shown, figures }: PanelState): void {
    const before = this.shown;
    this.shown = shown;
    const { direction } = this.direction;
    const same =
      before?.run.id === shown?.run.id &&
      before?.samples === shown?.samples &&
      before?.steps === shown?.steps &&
      before?.config === shown?.config &&
      before?.run.state === shown?.run.state &&
      this.shownDirection === direction;
    if (same && figures === this.figures && before !== null) return;
    this.figures = figures;
    if (before?.run.id !== shown?.run.id) {
      this.slider.toLatest();
      this.dialog.close();
    }
    this.choice.setSteps(shown?.samples.steps ?? []);
    this.show();
  }

  redraw(): void {
    this.dialog.fit();
    this.slider.show();
  }

  private show(): void {
    const { shown } = this;
    const { step } = this.choice;
    const nothing = shown === null || step === null;
    this.empty.hidden = !nothing;
    this.content.hidden = nothing;
    if (nothing) {
      this.empty.textContent = shown === null ? t("No run is shown.") : noSamplesText(shown);
      return;
    }
    const { base } = shown.samples;
    const names = namesOf(shown.config);
    this.pictures = picturesOf(shown.samples.pictures);
    this.slices.take(shown.samples.pictures);
    const known = directions.filter((each) => this.pictures.some(({ domain }) => domain === domainOf(each)));
    if (known.length > 0) this.direction.setKnown(known);
    this.shownDirection = this.direction.direction;
    this.switch.show(known, names);
    this.slider.show();
    this.sliceSlider.show();
    this.element.classList.toggle("samples-planes", this.slices.areVolumes && this.slices.allPlanes);
    this.strip.arrange(rowsOf(this.pictures, domainOf(this.direction.direction)));
    const figures = this.figures.get(step);
    const shownStep = { base, step, slices: this.slices, figures, names, planes: planesOf(this.figures) };
    this.stage.show(this.pictures, this.strip.index, shownStep);
    this.strip.show(shownStep);
    const isPaired = this.pictures.some(({ kind }) => kind === "truth");
    this.element.classList.toggle("samples-paired", isPaired);
    this.dialog.show(shown, this.pictures, figures);
    this.preloader.preload(
      this.choice.neighbours.flatMap((near) =>
        this.pictures.map((picture) => addressOf(base, near, this.slices.nameOf(picture))),
      ),
    );
    this.requests.want(shown, step);
  }
}

/** The sizes of the first planes of volumes, which are the same at every step. */
function planesOf(figures: ReadonlyMap<number, SampleFigures>): ReadonlyMap<string, PicturePart> {
  const planes = new Map<string, PicturePart>();
  for (const each of figures.values())
    for (const [name, { plane }] of Object.entries(each)) if (plane !== undefined) planes.set(name, plane);
  return planes;
}

function noSamplesText({ config, run }: ShownRun): string {
  if (config === null) return t("This run has no samples.");
  const { sampleEvery } = config.training;
  return sampleEvery === 0
    ? t("This run writes no samples: training.sampleEvery is 0. Set it to 50, for example, to see pictures.")
    : hasEnded(run)
      ? t("This run ended before its first sample at step {0}: see training.sampleEvery.", sampleEvery)
      : t("The first sample comes at step {0}.", sampleEvery);
}
