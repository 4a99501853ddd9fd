import type { Config } from "../../extension/configuration/config";
import type { RunSamples } from "../../extension/protocol/panel";
import type { Host } from "../host/host";
import type { PanelState } from "../state/panelState";
import { h, setText } from "../ui/element";
import type { Section } from "../ui/section";
import { t } from "../ui/text";
import "./samples.css";
import { PictureFrame } from "./pictureFrame";
import { addressOf, describePicture, kindLabel, picturesOf, rowsOf, type SamplePicture } from "./sampleNames";
import { type DomainNames, namesOf } from "../state/domainNames";

/** The newest sample's first picture of each domain, with its translation and the translation back. A click opens the panel. */
export class CompactSamples implements Section {
  private readonly step = h("p", { class: "samples-step" });
  private readonly rows = h("div", { class: "samples-rows" });
  private frames: readonly { picture: SamplePicture; frame: PictureFrame }[] = [];
  private samples: RunSamples | null = null;
  private config: Config | null | undefined;
  /** JSON of the rendered pictures' names and of the domains' names: equal ones are not rendered again. */
  private rendered = "";
  private run: string | null = null;
  readonly element = h(
    "section",
    { class: "samples samples-compact", "aria-label": t("Newest samples") },
    this.step,
    this.rows,
  );

  constructor(private readonly host: Host) {}

  update({ shown }: PanelState): void {
    const samples = shown?.samples ?? null;
    this.run = shown?.run.id ?? null;
    if (samples === this.samples && shown?.config === this.config) return;
    this.samples = samples;
    this.config = shown?.config;
    const step = samples?.steps.at(-1);
    this.rows.hidden = step === undefined;
    if (samples === null || step === undefined) {
      setText(this.step, t("No samples yet."));
      return;
    }
    setText(this.step, t("Samples, step {0}", step));
    const names = namesOf(shown?.config ?? null);
    this.arrange(picturesOf(samples.pictures), names);
    for (const { picture, frame } of this.frames) {
      frame.show(addressOf(samples.base, step, picture.name), describePicture(picture, step, names));
      frame.showPart(picture.isVolume ? "plane" : "whole");
    }
  }

  private arrange(pictures: readonly SamplePicture[], names: DomainNames): void {
    const rows = (["a", "b"] as const).map((domain) =>
      (rowsOf(pictures, domain)[0] ?? []).filter(({ kind }) => kind !== "truth"),
    );
    const rendered = JSON.stringify([rows.flat().map(({ name }) => name), names]);
    if (rendered === this.rendered) return;
    this.rendered = rendered;
    const places = rows.map((row) => row.map((picture) => ({ picture, frame: new PictureFrame() })));
    this.frames = places.flat();
    const open = (): void => this.host.post({ type: "act", action: "openPanel", run: this.run });
    const cell = ({ picture: { domain, kind }, frame }: (typeof this.frames)[number]) =>
      h(
        "span",
        { class: "samples-cell" },
        frame.element,
        h("span", { class: "samples-column", "aria-hidden": "true" }, kindLabel(domain, kind, names)),
      );
    const rowsShown = places.filter((row) => row.length > 0);
    this.rows.replaceChildren(
      ...rowsShown.map((row) =>
        h(
          "button",
          { type: "button", class: "samples-row", title: t("Open the panel"), onClick: open },
          ...row.map(cell),
        ),
      ),
    );
  }
}
