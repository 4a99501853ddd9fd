import type { RunSummary } from "../../extension/protocol/panel";
import { h } from "../ui/element";
import { t } from "../ui/text";
import { progressText } from "./runText";

/** The progress bar of a run. */
export class Progress {
  private readonly bar = h("div", { class: "progress-done" });
  readonly element = h(
    "div",
    { class: "progress", role: "progressbar", "aria-label": t("Training progress"), "aria-valuemin": 0 },
    this.bar,
  );

  update({ step, lastStep, state }: RunSummary): void {
    const { element } = this;
    const unknown = lastStep === null || lastStep === 0;
    element.hidden = unknown && state !== "starting";
    // Without `aria-valuenow` the element is an indeterminate progress bar.
    element.classList.toggle("progress-unknown", unknown || (state === "starting" && step === 0));
    element.classList.toggle("progress-halted", state !== "running" && state !== "starting" && state !== "stopping");
    if (unknown) {
      for (const name of ["aria-valuenow", "aria-valuemax", "aria-valuetext"]) element.removeAttribute(name);
      return;
    }
    element.setAttribute("aria-valuemax", String(lastStep));
    element.setAttribute("aria-valuenow", String(Math.min(step, lastStep)));
    element.setAttribute("aria-valuetext", t("step {0}", progressText(step, lastStep)));
    this.bar.style.width = `${(100 * Math.min(step, lastStep)) / lastStep}%`;
  }
}
