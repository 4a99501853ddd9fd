import type { Config } from "../../extension/configuration/config";
import type { RunSummary } from "../../extension/protocol/panel";
import { h, setText } from "../ui/element";
import { t } from "../ui/text";
import { speed, timeLeft } from "./timeWords";
import { engineWords, progressWords } from "./words";

/** The figures of a run's head, each with its name; those that are not known are not there. */
export class Facts {
  readonly element = h("dl", { class: "facts" });
  private readonly values = new Map<string, { readonly group: HTMLElement; readonly value: HTMLElement }>();

  update(run: RunSummary, config: Config | null): void {
    // A run that ends by its steps never comes to its last epoch.
    const epochs =
      config === null || config.training.maxSteps !== null
        ? null
        : config.training.epochs + config.training.decayEpochs;
    this.show(t("Step"), run.step === 0 ? "" : progressWords(run.step, run.lastStep));
    this.show(t("Epoch"), run.epoch === 0 ? "" : progressWords(run.epoch, epochs));
    this.show(t("Speed"), run.stepsPerSecond === null ? "" : speed(run.stepsPerSecond));
    this.show(t("Time"), run.secondsLeft === null ? "" : timeLeft(run.secondsLeft));
    this.show(t("Engine"), run.engine === null ? "" : engineWords(run.engine));
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
