import { lossSection } from "../charts/lossSection";
import { comparisonSection } from "../comparison/comparisonSection";
import type { Host } from "../host/host";
import { memorySection } from "../memory/memorySection";
import { samplesSection } from "../samples/samplesSection";
import { h } from "../ui/element";
import type { Section } from "../ui/section";
import "./panel.css";
import { validationSection } from "../validation/validationSection";
import { RunsTable } from "./runsTable";
import { Top } from "./top";

/** The panel in the editor area, and the page of `revgan view`. */
export function panelView(host: Host): Section {
  const top = new Top(host, ["pause", "resume", "stop", "resumeFromCheckpoint", "revealRun", "showLog"]);
  const parts = {
    losses: lossSection(host),
    samples: samplesSection(host, { compact: false }),
    memory: memorySection(host),
    comparison: comparisonSection(host),
  };
  const validation = validationSection();
  const runs = new RunsTable(host);
  const place = (name: keyof typeof parts): HTMLElement =>
    h("div", { class: `place place-${name}` }, parts[name].element);
  const places = {
    losses: place("losses"),
    samples: place("samples"),
    memory: place("memory"),
    comparison: place("comparison"),
  };
  places.losses.append(validation.element);
  const sections = [...Object.values(parts), validation, runs];
  const columns = h(
    "div",
    { class: "columns" },
    places.losses,
    places.samples,
    places.memory,
    h("div", { class: "place place-runs" }, runs.element),
    places.comparison,
  );
  return {
    element: h("main", { class: "panel" }, ...top.elements, columns),
    update: (state) => {
      document.title = state.shown === null ? "RevGAN" : `${state.shown.run.name} · RevGAN`;
      top.update(state);
      columns.classList.toggle("columns-shown", state.shown !== null);
      places.losses.hidden = places.samples.hidden = state.shown === null;
      // Theory and measurements belong to a configuration.
      places.memory.hidden = state.shown === null || state.shown.config === null;
      for (const section of sections) section.update(state);
    },
    redraw: () => {
      for (const section of sections) section.redraw();
    },
  };
}
