import { healthHints } from "../../extension/comparison/health/healthHints";
import type { HealthHint } from "../../extension/comparison/health/hint";
import type { Config } from "../../extension/configuration/config";
import type { PanelState, ShownRun } from "../state/panelState";
import { h } from "../ui/element";
import type { Section, SectionHost } from "../ui/section";
import { t } from "../ui/text";
import { HintLine } from "./hintLine";
import "./hints.css";

/**
 * Shows the most serious hint on the health of the shown run, with its reason and advice; most runs have none. A dismissed hint is not
 * shown for its run again; the next most serious takes its place.
 */
export class Hints implements Section {
  readonly element = h("section", { class: "hints", "aria-label": t("Hint"), hidden: true });
  private line: HintLine | null = null;
  /** Kind of hint and run id of `line`: another pair gets a new line. */
  private lineOf = "";
  private found: { readonly of: ShownRun; readonly hints: readonly HealthHint[] } | null = null;

  constructor(private readonly host: SectionHost) {}

  update({ shown }: PanelState): void {
    if (shown === null || shown.config === null) {
      this.element.hidden = true;
      return;
    }
    const { config, run } = shown;
    const hint = this.hintsOf(shown, config).find(({ kind }) => !this.host.isDismissed(run.id, kind));
    this.element.hidden = hint === undefined;
    if (hint !== undefined) this.show(hint, run.id, config);
  }

  private show(hint: HealthHint, run: string, config: Config): void {
    const { kind } = hint;
    const lineOf = `${kind} ${run}`;
    if (this.line === null || lineOf !== this.lineOf) {
      this.line = new HintLine(() => this.host.dismiss(run, kind));
      this.lineOf = lineOf;
      const hadFocus = this.element.contains(document.activeElement);
      this.element.replaceChildren(this.line.element);
      // When a hint is dismissed by keyboard, the focus moves to the next hint instead of to the top of the page.
      if (hadFocus) this.line.focus();
    }
    this.line.update(hint, config);
  }

  /** The hints of a run, computed again only when the page has received something new about it. */
  private hintsOf(shown: ShownRun, config: Config): readonly HealthHint[] {
    if (this.found?.of !== shown) {
      const { steps, validations, run } = shown;
      this.found = { of: shown, hints: healthHints({ config, steps, validations, lastStep: run.lastStep }) };
    }
    return this.found.hints;
  }
}
