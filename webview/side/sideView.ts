import { Sparklines } from "../charts/sparklines";
import { memoryLine } from "../memory/compactMemory";
import { HeadOrWelcome } from "../panel/headOrWelcome";
import { CompactSamples } from "../samples/compactSamples";
import type { PanelState } from "../state/panelState";
import { h } from "../ui/element";
import type { SectionHost, Updatable, View } from "../ui/section";
import "./side.css";

/** The live view in the side bar: the essentials of the shown run in little space. */
export function sideView(host: SectionHost): View {
  const top = new HeadOrWelcome(host, ["pause", "resume", "stop", "resumeFromCheckpoint", "openPanel"]);
  const sections = [new Sparklines(host), new CompactSamples(host), memoryLine()];
  const places = h("div", { class: "side-places" }, ...sections.map(({ element }) => element));
  const layout: Updatable = {
    update({ shown }: PanelState) {
      places.hidden = shown === null;
    },
  };
  return { element: h("main", { class: "side" }, ...top.elements, places), sections: [layout, top, ...sections] };
}
