import { sparklines } from "../charts/sparklines";
import type { Host } from "../host/host";
import { memoryLine } from "../memory/memoryLine";
import { Top } from "../panel/top";
import { samplesSection } from "../samples/samplesSection";
import { h } from "../ui/element";
import type { Section } from "../ui/section";
import "./side.css";

/** The live view in the side bar: what matters of the shown run, in little space. */
export function sideView(host: Host): Section {
  const top = new Top(host, ["pause", "resume", "stop", "resumeFromCheckpoint", "openPanel"]);
  const sections = [sparklines(), samplesSection(host, { compact: true }), memoryLine()];
  const places = h("div", { class: "side-places" }, ...sections.map(({ element }) => element));
  return {
    element: h("main", { class: "side" }, ...top.elements, places),
    update: (state) => {
      top.update(state);
      places.hidden = state.shown === null;
      for (const section of sections) section.update(state);
    },
    redraw: () => {
      for (const section of sections) section.redraw();
    },
  };
}
