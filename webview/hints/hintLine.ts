import type { HealthHint } from "../../extension/comparison/health/hint";
import type { Config } from "../../extension/configuration/config";
import { button } from "../ui/button";
import { h, setText } from "../ui/element";
import { icon } from "../ui/icons";
import { t } from "../ui/text";
import { hintText } from "./hintText";

/** A hint: its reason in one line, and advice that a button shows. */
export class HintLine {
  private readonly reason = h("span", { class: "hint-reason" });
  private readonly advice: HTMLElement;
  private readonly toggle: HTMLElement;
  readonly element: HTMLElement;

  /** @param onDismiss called when the user does not want to see the hint for this run again */
  constructor(onDismiss: () => void) {
    this.advice = h("p", { id: "hint-advice", class: "hint-advice", hidden: true });
    this.toggle = h(
      "button",
      {
        type: "button",
        class: "chart-action",
        "aria-expanded": "false",
        "aria-controls": "hint-advice",
        onClick: () => this.flip(),
      },
      t("What to try"),
    );
    const dismiss = button(t("Dismiss this hint"), { appearance: "icon", icon: "close", onPress: onDismiss });
    this.element = h(
      "div",
      { class: "hint" },
      icon("info"),
      h("div", { class: "hint-text" }, h("p", {}, this.reason, " ", this.toggle), this.advice),
      dismiss,
    );
  }

  update(hint: HealthHint, config: Config): void {
    const { reason, advice } = hintText(hint, config);
    setText(this.reason, reason);
    setText(this.advice, advice);
  }

  /** Focuses the button that shows the advice. */
  focus(): void {
    this.toggle.focus();
  }

  private flip(): void {
    this.advice.hidden = !this.advice.hidden;
    this.toggle.setAttribute("aria-expanded", String(!this.advice.hidden));
  }
}
