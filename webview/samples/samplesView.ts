import type { SampleFigures } from "../../extension/protocol/panel";
import type { Host } from "../host/host";
import type { PanelState, ShownRun } from "../state/panelState";
import { h } from "../ui/element";
import type { Section } from "../ui/section";
import { t } from "../ui/text";
import "./samples.css";
import { PicturePreloader } from "./picturePreloader";
import { SampleDialog } from "./sampleDialog";
import { FigureRequests } from "./sampleFigures";
import { SampleGroup } from "./sampleGroup";
import { addressOf, picturesOf, type SamplePicture } from "./sampleNames";
import { StepChoice } from "./stepChoice";
import { SliceChoice } from "./sliceChoice";
import { SliceSlider } from "./sliceSlider";
import { StepSlider } from "./stepSlider";

/** Samples of all past steps, at the step that a slider chooses. */
export class SamplesView implements Section {
  private readonly choice = new StepChoice();
  private readonly slider = new StepSlider(this.choice, () => this.show());
  private readonly slices = new SliceChoice();
  private readonly sliceSlider = new SliceSlider(this.slices, () => this.show());
  private readonly preloader = new PicturePreloader();
  private readonly requests: FigureRequests;
  private readonly dialog: SampleDialog;
  private readonly empty = h("p", { class: "samples-empty" });
  private readonly place = h("div", { class: "samples-groups" });
  private groups: readonly SampleGroup[] = [];
  private pictures: readonly SamplePicture[] = [];
  private shown: ShownRun | null = null;
  private figures: ReadonlyMap<number, SampleFigures> = new Map();
  readonly element = h("section", { class: "samples", "aria-label": t("Samples") }, h("h2", {}, t("Samples")));

  constructor(host: Host) {
    this.requests = new FigureRequests(host);
    this.dialog = new SampleDialog(host, this.choice, this.slices, () => this.show());
    this.element.append(this.empty, this.slider.element, this.sliceSlider.element, this.place, this.dialog.element);
  }

  update({ shown, figures }: PanelState): void {
    const before = this.shown;
    this.shown = shown;
    const same =
      before?.run.id === shown?.run.id && before?.samples === shown?.samples && before?.steps === shown?.steps;
    if (same && figures === this.figures && before !== null) return;
    this.figures = figures;
    if (before?.run.id !== shown?.run.id) {
      this.choice.choose(Infinity);
      this.dialog.close();
    }
    this.choice.setSteps(shown?.samples.steps ?? []);
    this.show();
  }

  redraw(): void {
    this.dialog.fit();
  }

  private show(): void {
    const { shown } = this;
    const { step } = this.choice;
    const nothing = shown === null || step === null;
    this.empty.hidden = !nothing;
    this.slider.element.hidden = nothing;
    this.sliceSlider.element.hidden = nothing;
    this.place.hidden = nothing;
    if (nothing) {
      this.empty.textContent = shown === null ? t("No run is shown.") : whenFirst(shown);
      return;
    }
    this.arrange(picturesOf(shown.samples.pictures));
    this.slices.take(shown.samples.pictures);
    this.slider.show();
    this.sliceSlider.show();
    this.place.classList.toggle("samples-volumes", this.slices.slices.length > 1);
    const figures = this.figures.get(step);
    for (const group of this.groups)
      group.show({ base: shown.samples.base, step, slices: this.slices, known: figures });
    this.dialog.show(shown, this.pictures, figures);
    this.preloader.preload(
      this.choice.neighbours.flatMap((near) =>
        this.pictures.map((picture) => addressOf(shown.samples.base, near, this.slices.nameOf(picture))),
      ),
    );
    this.requests.want(shown, step);
  }

  /** Rebuilds the frames only if the pictures differ, so that a focused button keeps the focus. */
  private arrange(pictures: readonly SamplePicture[]): void {
    if (pictures.length === this.pictures.length && pictures.every(({ name }, at) => name === this.pictures[at]?.name))
      return;
    this.pictures = pictures;
    this.groups = (["a", "b"] as const).map(
      (domain) => new SampleGroup(domain, pictures, (picture) => this.dialog.open(picture)),
    );
    this.place.replaceChildren(...this.groups.map(({ element }) => element));
  }
}

function whenFirst({ config }: ShownRun): string {
  if (config === null) return t("This run has no samples.");
  const { sampleEvery } = config.training;
  return sampleEvery === 0
    ? t("This run writes no samples: training.sampleEvery is 0.")
    : t("The first sample comes at step {0}.", sampleEvery);
}
