import type { Config } from "../../extension/configuration/config";
import { durationText } from "../../extension/protocol/durations";
import type { RunSummary } from "../../extension/protocol/panel";
import { h, setText } from "../ui/element";
import { l10n, t } from "../ui/text";
import { engineText, hasEnded, progressText, speed, timeLeft } from "./runText";

/** Labelled figures in a run's head. Unknown ones are hidden. */
export class Facts {
  readonly element = h("dl", { class: "facts" });
  private readonly values = new Map<string, { readonly group: HTMLElement; readonly value: HTMLElement }>();

  update(run: RunSummary, config: Config | null): void {
    // With maxSteps the run may end before its last epoch, so the number of epochs is not shown.
    const epochs =
      config === null || config.training.maxSteps !== null
        ? null
        : config.training.epochs + config.training.decayEpochs;
    this.show(t("Step"), run.step === 0 ? "" : progressText(run.step, run.lastStep));
    this.show(t("Time"), run.secondsLeft === null ? "" : timeLeft(run.secondsLeft));
    this.show(t("Epoch"), run.epoch === 0 ? "" : progressText(run.epoch, epochs));
    this.show(t("Speed"), run.stepsPerSecond === null || hasEnded(run) ? "" : speed(run.stepsPerSecond));
    this.show(
      t("Duration"),
      run.seconds !== null && run.step > 0 && hasEnded(run) ? durationText(run.seconds, l10n) : "",
    );
    this.show(t("Engine"), run.engine === null ? "" : engineText(run.engine));
    this.element.hidden = [...this.values.values()].every(({ group }) => group.hidden);
  }

  private show(name: string, text: string): void {
    let fact = this.values.get(name);
    if (fact === undefined) {
      const value = h("dd");
      fact = { group: h("div", {}, h("dt", {}, name), value), value };
      this.values.set(name, fact);
      this.element.append(fact.group);
    }
    fact.group.hidden = text === "";
    setText(fact.value, text);
  }
}
