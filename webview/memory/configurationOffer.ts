import { save } from "../charts/export/saving";
import type { Host } from "../host/host";
import type { DepthConfiguration } from "../state/panelState";
import { button } from "../ui/button";
import { h, setText } from "../ui/element";
import { t } from "../ui/text";

/** Shows a configuration to copy or save, for hosts that cannot write it to a file themselves. */
export class ConfigurationOffer {
  private readonly words = h("p", {});
  private readonly text = h("textarea", {
    class: "depth-text",
    readonly: true,
    rows: 8,
    spellcheck: "false",
    "aria-label": t("Configuration"),
  });
  private readonly copyButton = button(t("Copy"), { onPress: () => void this.copy() });
  readonly element = h(
    "div",
    { class: "depth-offer", hidden: true },
    this.words,
    this.text,
    h("div", { class: "buttons" }, this.copyButton, button(t("Save"), { onPress: () => void this.save() })),
  );
  private shown: DepthConfiguration | null = null;

  constructor(private readonly host: Host) {}

  /** Shows a configuration. @param configuration null hides the element */
  show(configuration: DepthConfiguration | null): void {
    if (configuration === this.shown) return;
    this.shown = configuration;
    this.element.hidden = configuration === null;
    if (configuration === null) return;
    setText(this.words, t("Save it, and train with: revgan train --config {0}", configuration.name));
    this.text.value = configuration.text;
    setText(this.copyButton, t("Copy"));
    this.text.focus();
  }

  private async copy(): Promise<void> {
    this.text.select();
    await navigator.clipboard.writeText(this.text.value);
    setText(this.copyButton, t("Copied"));
  }

  private async save(): Promise<void> {
    if (this.shown !== null) await save(this.host, this.shown.name, new Blob([this.shown.text]));
  }
}
