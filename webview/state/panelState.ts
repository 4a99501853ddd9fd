import type {
  PanelAction,
  RunSummary,
  RunView,
  RunCostAndQuality,
  SampleFigures,
  Theory,
  ToWebview,
} from "../../extension/protocol/panel";
import { type EncodedSteps, StepColumns } from "../../extension/protocol/stepColumns";

/** The shown run, with decoded steps. */
export interface ShownRun extends Omit<RunView, "steps"> {
  /** The run's steps. They are mutated in place, so {@link ShownRun.revision} tells whether they have changed. */
  readonly steps: StepColumns;
  /** A number that changes whenever the steps change. */
  readonly revision: number;
}

/** A run that is compared with the shown one. */
export interface ComparedRun {
  readonly run: RunSummary;
  readonly steps: StepColumns;
  readonly costAndQuality: RunCostAndQuality;
}

/** A configuration with another depth than the shown run's. */
export type DepthConfiguration = Extract<ToWebview, { type: "configuration" }>;

/** Everything that the page shows. Immutable, so that sections can compare parts by identity. */
export interface PanelState {
  readonly runs: readonly RunSummary[];
  readonly shown: ShownRun | null;
  readonly comparison: readonly ComparedRun[];
  /** Cost and quality of the shown run; null while no run is compared with it. */
  readonly costAndQuality: RunCostAndQuality | null;
  /** Ids of compared runs whose checkboxes the page has to tick, because a command or the page before its reload chose them. */
  readonly preset: readonly string[];
  /** A counter. Each change means that the comparison has to be scrolled into view. */
  readonly reveals: number;
  /** A counter that grows when the host sends a run to show or a `preset`: then the list's checkboxes are set to {@link preset}. */
  readonly view: number;
  /** Actions that need no run. */
  readonly actions: readonly PanelAction[];
  /** Figures of the shown run's samples, by step, as far as they were requested. */
  readonly figures: ReadonlyMap<number, SampleFigures>;
  /** The shown run's memory as predicted; null until the page has requested and received it. */
  readonly theory: Theory | null;
  /** The received configuration that was requested last; null for none. */
  readonly configuration: DepthConfiguration | null;
}

export const emptyState: PanelState = {
  runs: [],
  shown: null,
  comparison: [],
  costAndQuality: null,
  preset: [],
  reveals: 0,
  view: 0,
  actions: [],
  figures: new Map(),
  theory: null,
  configuration: null,
};

/** The state after a message of the host. Messages about a run that is not shown any more are ignored. */
export function afterMessage(state: PanelState, message: ToWebview): PanelState {
  const { shown } = state;
  if ("run" in message && typeof message.run === "string" && message.run !== shown?.run.id) return state;
  switch (message.type) {
    case "snapshot":
      return {
        ...emptyState,
        reveals: state.reveals,
        view: state.view + 1,
        runs: message.runs,
        actions: message.actions,
        shown: shownRunOf(message.shown),
      };
    case "runs":
      return { ...withRuns(state, message.runs), actions: message.actions };
    case "run":
      return {
        ...state,
        shown: shownRunOf(message.view),
        comparison: [],
        costAndQuality: null,
        preset: [],
        view: state.view + 1,
        figures: new Map(),
        theory: null,
        configuration: null,
      };
    case "steps":
      return shown === null
        ? state
        : {
            ...state,
            shown: {
              ...withSteps(shown, message.from, message.steps),
              lastStepLine: message.lastStepLine,
              validations: message.validations,
            },
          };
    case "samples":
      return shown === null ? state : { ...state, shown: { ...shown, samples: message.samples } };
    case "evaluations":
      return shown === null ? state : { ...state, shown: { ...shown, evaluations: message.evaluations } };
    case "memory":
      return shown === null ? state : { ...state, shown: { ...shown, memory: message.memory } };
    case "comparison":
      return withComparison(state, message);
    case "figures":
      return { ...state, figures: new Map([...state.figures, [message.step, message.figures]]) };
    case "theory":
      return { ...state, theory: message.theory };
    case "configuration":
      return { ...state, configuration: message };
  }
}

let revisions = 0;

function shownRunOf(view: RunView | null): ShownRun | null {
  return view === null ? null : { ...view, steps: decoded(view.steps), revision: ++revisions };
}

function decoded(steps: EncodedSteps): StepColumns {
  const columns = new StepColumns();
  columns.extend(steps);
  return columns;
}

/** The state with a new comparison. If this page requested it, the checkboxes stay: the user may have changed them since. */
function withComparison(
  state: PanelState,
  { asked, runs, shown }: Extract<ToWebview, { type: "comparison" }>,
): PanelState {
  const next = {
    ...state,
    comparison: runs.map(({ run, steps, costAndQuality }) => ({ run, steps: decoded(steps), costAndQuality })),
    costAndQuality: shown,
  };
  if (asked === "here") return next;
  return {
    ...next,
    preset: runs.map(({ run }) => run.id),
    view: state.view + 1,
    reveals: state.reveals + (asked === "elsewhere" ? 1 : 0),
  };
}

/** The state with a new list of runs. A run that is no longer in the list was deleted, so it is removed from the comparison, too. */
function withRuns(state: PanelState, runs: readonly RunSummary[]): PanelState {
  const run = runs.find(({ id }) => id === state.shown?.run.id);
  const isIn = (list: readonly RunSummary[], wanted: string): boolean => list.some(({ id }) => id === wanted);
  const isGone = ({ run: { id } }: ComparedRun): boolean => isIn(state.runs, id) && !isIn(runs, id);
  return {
    ...state,
    runs,
    shown: state.shown === null || run === undefined ? state.shown : { ...state.shown, run },
    comparison: state.comparison.some(isGone)
      ? state.comparison.filter((compared) => !isGone(compared))
      : state.comparison,
  };
}

/** The run with received steps. @throws Error if steps before `from` are missing; the page then requests a snapshot */
function withSteps(shown: ShownRun, from: number, steps: EncodedSteps): ShownRun {
  if (from > shown.steps.length) throw new Error(`steps from ${from} on came while ${shown.steps.length} are here`);
  shown.steps.truncate(from);
  shown.steps.extend(steps);
  return { ...shown, revision: ++revisions };
}
