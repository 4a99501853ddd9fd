import { h, setText } from "../ui/element";
import { t } from "../ui/text";
import { PictureFrame } from "./pictureFrame";
import { shownPartOf, type ShownStep } from "./sampleFigure";
import { figuresOf } from "./sampleFigures";
import { addressOf, ordinal, type SamplePicture } from "./sampleNames";

/** A sample of the strip: its input, and its translation where there is one. */
interface Item {
  readonly input: SamplePicture;
  readonly translated: SamplePicture | undefined;
  readonly frames: readonly PictureFrame[];
  readonly error: HTMLElement;
  readonly element: HTMLButtonElement;
}

/** All samples of a direction as small pictures, of which a click or the arrow keys choose one. */
export class Filmstrip {
  readonly element = h("div", {
    class: "samples-strip",
    role: "radiogroup",
    "aria-label": t("Sample pictures"),
    onKeyDown: (event) => this.onKey(event as KeyboardEvent),
  });
  private items: readonly Item[] = [];
  private chosen = 0;

  /** @param onChosen called when the user has chosen another sample */
  constructor(private readonly onChosen: () => void) {}

  /** The index of the chosen sample, as in its file names. */
  get index(): number {
    return this.items[this.chosen]?.input.index ?? 0;
  }

  /** Sets the samples. Elements are made anew only if the samples' names differ, so that a focused element keeps the focus. */
  arrange(rows: readonly (readonly SamplePicture[])[]): void {
    const pairs = rows.flatMap((row) => {
      const input = row.find(({ kind }) => kind === "input");
      return input === undefined ? [] : [{ input, translated: row.find(({ kind }) => kind === "translated") }];
    });
    const same =
      pairs.length === this.items.length &&
      pairs.every(
        ({ input, translated }, at) =>
          input.name === this.items[at]!.input.name && translated?.name === this.items[at]!.translated?.name,
      );
    if (same) return;
    const hadFocus = this.element.contains(document.activeElement);
    this.chosen = Math.max(0, Math.min(this.chosen, pairs.length - 1));
    this.items = pairs.map((pair, at) => this.item(pair, at));
    this.element.replaceChildren(...this.items.map(({ element }) => element));
    this.element.hidden = pairs.length < 2;
    this.press();
    if (hadFocus) this.items[this.chosen]?.element.focus();
  }

  show(shown: ShownStep): void {
    for (const { input, translated, frames, error } of this.items) {
      for (const [at, picture] of [input, translated].entries()) {
        if (picture === undefined) continue;
        // The pictures need no alternative text, because the button's accessible name says which sample it is.
        frames[at]!.show(addressOf(shown.base, shown.step, shown.slices.nameOf(picture)), "");
        frames[at]!.showPart(shownPartOf(picture, shown));
      }
      setText(error, translated === undefined ? "" : (figuresOf(shown.figures, translated)[0] ?? ""));
    }
  }

  private item(pair: Pick<Item, "input" | "translated">, at: number): Item {
    const frames = pair.translated === undefined ? [new PictureFrame()] : [new PictureFrame(), new PictureFrame()];
    const error = h("span", { class: "samples-figures" });
    const element = h(
      "button",
      {
        type: "button",
        class: "samples-thumb",
        role: "radio",
        "aria-label": ordinal(pair.input),
        onClick: () => this.choose(at),
      },
      h("span", { class: "samples-pair" }, ...frames.map((frame) => frame.element)),
      error,
    );
    return { ...pair, frames, error, element };
  }

  private choose(at: number): void {
    if (at === this.chosen || this.items[at] === undefined) return;
    this.chosen = at;
    this.press();
    this.onChosen();
  }

  /** Marks the chosen sample. Only this sample is reached with Tab; the arrow keys lead to the others. */
  private press(): void {
    for (const [at, { element }] of this.items.entries()) {
      element.setAttribute("aria-checked", String(at === this.chosen));
      element.tabIndex = at === this.chosen ? 0 : -1;
    }
  }

  private onKey(event: KeyboardEvent): void {
    const last = this.items.length - 1;
    const moves: Readonly<Record<string, number>> = {
      ArrowLeft: this.chosen - 1,
      ArrowUp: this.chosen - 1,
      ArrowRight: this.chosen + 1,
      ArrowDown: this.chosen + 1,
      Home: 0,
      End: last,
    };
    const to = moves[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.choose(Math.max(0, Math.min(last, to)));
    this.items[this.chosen]?.element.focus();
  }
}
