import type { SampleFigures } from "../../extension/protocol/panel";
import type { Host } from "../host/host";
import type { ShownRun } from "../state/panelState";
import { button, setDisabled } from "../ui/button";
import { h, setText } from "../ui/element";
import { t } from "../ui/text";
import { setPressed, toggle } from "../ui/toggle";
import { DialogStage } from "./dialogStage";
import { figuresText } from "./sampleFigures";
import { addressOf, describePicture, kindLabel, type SamplePicture } from "./sampleNames";
import { namesOf } from "../state/domainNames";
import type { SliceChoice } from "./sliceChoice";
import { SliceSlider } from "./sliceSlider";
import type { StepChoice } from "./stepChoice";

/** A picture at full size, alone or beside its input. Arrow keys change step and picture, Page Up and Down the slice of a volume. */
export class SampleDialog {
  private readonly title = h("h2", { class: "dialog-title", "aria-live": "polite" });
  private readonly figures = h("p", { class: "dialog-figures" });
  private readonly stage = new DialogStage();
  private readonly earlier = arrow("←", t("Earlier step"), () => this.move(-1));
  private readonly later = arrow("→", t("Later step"), () => this.move(1));
  private readonly previous = arrow("↑", t("Previous picture"), () => this.turn(-1));
  private readonly next = arrow("↓", t("Next picture"), () => this.turn(1));
  private readonly compare = toggle(t("Beside the input"), () => this.toggleCompare());
  private readonly save = button(t("Save Picture…"), { onPress: () => this.saveShown() });
  private readonly leave = button(t("Close"), { onPress: () => this.close() });
  private readonly sliceSlider: SliceSlider;
  readonly element: HTMLDialogElement;

  private run: ShownRun | null = null;
  private pictures: readonly SamplePicture[] = [];
  private known: SampleFigures | undefined;
  private picture: SamplePicture | null = null;
  private comparing = false;

  constructor(
    private readonly host: Host,
    private readonly choice: StepChoice,
    private readonly slices: SliceChoice,
    private readonly onMoved: () => void,
  ) {
    this.sliceSlider = new SliceSlider(slices, onMoved, false);
    const moves = h("div", { class: "dialog-group" }, this.earlier, this.later, this.previous, this.next);
    const head = h("header", { class: "dialog-head" }, this.title, this.figures);
    const tools = h(
      "div",
      { class: "dialog-tools" },
      moves,
      this.compare,
      this.stage.zooms,
      h("div", { class: "dialog-group dialog-end" }, this.save, this.leave),
    );
    this.element = h(
      "dialog",
      {
        class: "sample-dialog",
        "aria-label": t("Sample at full size"),
        onKeyDown: (event) => this.onKey(event as KeyboardEvent),
      },
      head,
      tools,
      this.sliceSlider.element,
      this.stage.element,
    );
  }

  open(picture: SamplePicture): void {
    this.picture = picture;
    this.element.showModal();
    this.draw();
  }

  close(): void {
    if (this.element.open) this.element.close();
  }

  /** Updates the contents; renders them while the dialog is open. */
  show(run: ShownRun, pictures: readonly SamplePicture[], known: SampleFigures | undefined): void {
    this.run = run;
    this.pictures = pictures;
    this.known = known;
    if (this.element.open) this.draw();
  }

  /** Fits the pictures to the window. To be called after the window was resized. */
  fit(): void {
    this.stage.fit();
  }

  private draw(): void {
    const { run, picture } = this;
    const { step, index, count } = this.choice;
    if (run === null || picture === null || step === null) return;
    const names = namesOf(run.config);
    setText(this.title, describePicture(picture, step, names));
    setText(this.figures, figuresText(this.known, picture));
    const beside = this.comparing ? this.besides(picture) : [picture];
    this.stage.show(
      beside.map((each) => ({
        address: addressOf(run.samples.base, step, this.slices.nameOf(each)),
        alternative: describePicture(each, step, names),
        label: kindLabel(each.domain, each.kind, names),
      })),
    );
    this.sliceSlider.show();
    setPressed(this.compare, this.comparing);
    const at = this.pictures.findIndex(({ name }) => name === picture.name);
    setDisabled(this.earlier, index <= 0);
    setDisabled(this.later, index >= count - 1);
    setDisabled(this.previous, at <= 0);
    setDisabled(this.next, at >= this.pictures.length - 1);
  }

  /** The two pictures for a comparison: the input and `picture`; if `picture` is the input, the input and its translation. */
  private besides(picture: SamplePicture): SamplePicture[] {
    const other = picture.kind === "input" ? "translated" : picture.kind;
    return this.pictures.filter(
      ({ domain, index, kind }) =>
        domain === picture.domain && index === picture.index && (kind === "input" || kind === other),
    );
  }

  private move(by: number): void {
    const { index, count } = this.choice;
    const to = Math.min(count - 1, Math.max(0, index + by));
    if (to === index) return;
    this.choice.choose(to);
    this.onMoved();
  }

  private turn(by: number): void {
    const at = this.pictures.findIndex(({ name }) => name === this.picture?.name);
    this.picture = this.pictures[at + by] ?? this.picture;
    this.draw();
  }

  private cut(by: number): void {
    this.slices.choose(this.slices.index + by);
    this.onMoved();
  }

  private toggleCompare(): void {
    this.comparing = !this.comparing;
    this.draw();
  }

  private saveShown(): void {
    const { run, picture } = this;
    const { step } = this.choice;
    if (run !== null && picture !== null && step !== null)
      this.host.post({ type: "saveSample", run: run.run.id, step, picture: this.slices.nameOf(picture) });
  }

  private onKey(event: KeyboardEvent): void {
    const moves: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => this.move(-1),
      ArrowRight: () => this.move(1),
      ArrowUp: () => this.turn(-1),
      ArrowDown: () => this.turn(1),
      Home: () => this.move(-Infinity),
      End: () => this.move(Infinity),
      PageUp: () => this.cut(1),
      PageDown: () => this.cut(-1),
    };
    const act = moves[event.key];
    // Ignored are keys that scroll a picture larger than the window or move a focused slider, and keys with Alt, Ctrl or Cmd.
    if (
      act === undefined ||
      event.target instanceof HTMLInputElement ||
      event.altKey ||
      event.ctrlKey ||
      event.metaKey ||
      this.stage.scrolls(event.target)
    )
      return;
    event.preventDefault();
    act();
  }
}

function arrow(sign: string, name: string, onPress: () => void): HTMLElement {
  const element = button(sign, { title: name, onPress });
  element.setAttribute("aria-label", name);
  return element;
}
