import type { Host } from "../host/host";
import type { ShownRun } from "../state/panelState";
import { button, setDisabled } from "../ui/button";
import { h, setText } from "../ui/element";
import { t } from "../ui/text";

/** The button that starts the measurement of memory by depth; while a measurement runs, its progress and a button that cancels it. */
export class MeasureControls {
  private readonly start = button(t("Measure Memory by Depth"), {
    title: t("Trains a step at each of some depths, in each way that the network has"),
    onPress: () => this.act("measureMemory"),
  });
  private readonly bar = h("progress", { "aria-label": t("Measuring memory by depth") });
  private readonly words = h("span");
  private readonly cancel = button(t("Cancel"), { onPress: () => this.act("cancelMeasurement") });
  private readonly progress = h("span", { class: "memory-progress" }, this.bar, this.words, this.cancel);
  readonly element = h("div", { class: "memory-measure" }, this.start, this.progress);
  private run: string | null = null;

  constructor(private readonly host: Host) {}

  show({ run, memory }: ShownRun): void {
    this.run = run.id;
    const { measuring } = memory;
    const left = measuring === null ? this.cancel : this.start;
    const hadFocus = left.contains(document.activeElement);
    this.start.hidden = measuring !== null;
    this.progress.hidden = measuring === null;
    setDisabled(this.start, !run.actions.includes("measureMemory"));
    if (measuring !== null) {
      this.bar.max = measuring.of;
      this.bar.value = measuring.done;
      setText(this.words, t("{0} of {1}", measuring.done, measuring.of));
    }
    if (hadFocus) (measuring === null ? this.start : this.cancel).focus();
  }

  private act(action: "measureMemory" | "cancelMeasurement"): void {
    this.host.post({ type: "act", action, run: this.run });
  }
}
