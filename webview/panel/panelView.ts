import { LossSection } from "../charts/lossSection";
import { ComparisonView } from "../comparison/comparisonView";
import { MemoryView } from "../memory/memoryView";
import { SamplesView } from "../samples/samplesView";
import type { PanelState } from "../state/panelState";
import { h } from "../ui/element";
import type { SectionHost, Updatable, View } from "../ui/section";
import { ValidationTable } from "../validation/validationTable";
import "./panel.css";
import { RunsTable } from "./runsTable";
import { HeadOrWelcome } from "./headOrWelcome";

/** The panel in the editor area, and the page of `revgan view`. */
export function panelView(host: SectionHost): View {
  const top = new HeadOrWelcome(host, ["pause", "resume", "stop", "resumeFromCheckpoint", "revealRun", "showLog"]);
  const [losses, validation, samples] = [new LossSection(host), new ValidationTable(), new SamplesView(host)];
  const [memory, comparison, runs] = [new MemoryView(host), new ComparisonView(host), new RunsTable(host)];
  const place = (name: string, ...sections: { readonly element: HTMLElement }[]): HTMLElement =>
    h("div", { class: `place place-${name}` }, ...sections.map(({ element }) => element));
  const places = {
    losses: place("losses", losses, validation),
    samples: place("samples", samples),
    memory: place("memory", memory),
    runs: place("runs", runs),
    comparison: place("comparison", comparison),
  };
  const columns = h("div", { class: "columns" }, ...Object.values(places));
  const layout: Updatable = {
    update({ shown }: PanelState) {
      document.title = shown === null ? "RevGAN" : `${shown.run.name} · RevGAN`;
      columns.classList.toggle("columns-shown", shown !== null);
      places.losses.hidden = places.samples.hidden = shown === null;
      // Theory and measurements belong to a configuration.
      places.memory.hidden = shown === null || shown.config === null;
    },
  };
  return {
    element: h("main", { class: "panel" }, ...top.elements, columns),
    sections: [layout, top, losses, samples, memory, comparison, validation, runs],
  };
}
