import { LossSection } from "../charts/lossSection";
import { ComparisonView } from "../comparison/comparisonView";
import { MemoryView } from "../memory/memoryView";
import { Hints } from "../hints/hints";
import { DirectionChoice } from "../samples/directionChoice";
import { SamplesView } from "../samples/samplesView";
import type { PanelState } from "../state/panelState";
import { h } from "../ui/element";
import type { SectionHost, Updatable, View } from "../ui/section";
import { EvaluationView } from "../validation/evaluationView";
import { QualityCard } from "../validation/qualityCard";
import "./panel.css";
import { RunsTable } from "./runsTable";
import { HeadOrWelcome } from "./headOrWelcome";

/**
 * The panel in the editor area, which is also the page of `revgan view`: first quality and samples, then evaluation, losses, memory,
 * comparison and the list of runs.
 */
export function panelView(host: SectionHost): View {
  const top = new HeadOrWelcome(host, [
    "pause",
    "resume",
    "stop",
    "translatePicture",
    "evaluate",
    "trainFurther",
    "resumeFromCheckpoint",
    "revealRun",
    "showLog",
  ]);
  const hints = new Hints(host);
  const direction = new DirectionChoice(() => host.requestUpdate());
  const [quality, samples, losses] = [
    new QualityCard(direction),
    new SamplesView(host, direction),
    new LossSection(host),
  ];
  const [memory, comparison, runs] = [new MemoryView(host), new ComparisonView(host), new RunsTable(host)];
  const place = (name: string, { element }: { readonly element: HTMLElement }): HTMLElement =>
    h("div", { class: `place place-${name}` }, element);
  const first = h("div", { class: "first" }, quality.element, samples.element);
  const evaluation = new EvaluationView(direction);
  const places = {
    evaluation: place("evaluation", evaluation),
    losses: place("losses", losses),
    memory: place("memory", memory),
    comparison: place("comparison", comparison),
    runs: place("runs", runs),
  };
  const columns = h("div", { class: "columns" }, first, ...Object.values(places));
  const layout: Updatable = {
    update({ shown }: PanelState) {
      document.title = shown === null ? "RevGAN" : `${shown.run.name} · RevGAN`;
      columns.classList.toggle("columns-shown", shown !== null);
      first.hidden = places.losses.hidden = places.evaluation.hidden = shown === null;
      // Memory theory and measurements need a usable configuration.
      places.memory.hidden = shown === null || shown.config === null;
    },
  };
  return {
    element: h("main", { class: "panel" }, ...top.elements, hints.element, columns),
    // Samples are updated before quality and evaluation, because their update sets the possible directions, which the other two read.
    sections: [layout, top, hints, samples, quality, evaluation, losses, memory, comparison, runs],
  };
}
