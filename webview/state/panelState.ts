import type {
  PanelAction,
  RunSummary,
  RunView,
  RunWorth,
  SampleFigures,
  Theory,
  ToWebview,
} from "../../extension/protocol/panel";
import { type EncodedSteps, StepColumns } from "../../extension/protocol/stepColumns";

/** The shown run, with its steps as numbers. */
export interface ShownRun extends Omit<RunView, "steps"> {
  /** Grows in place; {@link ShownRun.revision} tells. */
  readonly steps: StepColumns;
  /** Another number whenever the steps have changed. */
  readonly revision: number;
}

/** A run that is compared with the shown one, whose curves lie over that one's. */
export interface ComparedRun {
  readonly run: RunSummary;
  readonly steps: StepColumns;
  readonly worth: RunWorth;
}

/** Everything that the page shows. Replaced as a whole by each message, so that a section can compare parts by identity. */
export interface PanelState {
  readonly runs: readonly RunSummary[];
  readonly shown: ShownRun | null;
  readonly comparison: readonly ComparedRun[];
  /** The shown run's, while it is compared. */
  readonly worth: RunWorth | null;
  /** The runs that are compared though nobody chose them on the page. */
  readonly preset: readonly string[];
  /** Another number whenever a comparison is to be seen at once. */
  readonly reveals: number;
  /** Another number whenever all of it was replaced, which ends what was chosen on the page. */
  readonly view: number;
  /** What can be asked for without a run. */
  readonly actions: readonly PanelAction[];
  /** Figures of the shown run's samples, by step, as far as they were asked for. */
  readonly figures: ReadonlyMap<number, SampleFigures>;
  /** The shown run's memory by theory, once it was asked for. */
  readonly theory: Theory | null;
}

export const emptyState: PanelState = {
  runs: [],
  shown: null,
  comparison: [],
  worth: null,
  preset: [],
  reveals: 0,
  view: 0,
  actions: [],
  figures: new Map(),
  theory: null,
};

/** The state after a message of the host. Messages about a run that is not shown any more change nothing. */
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
        shown: opened(message.shown),
      };
    case "runs":
      return { ...withRuns(state, message.runs), actions: message.actions };
    case "run":
      return {
        ...state,
        shown: opened(message.view),
        comparison: [],
        worth: null,
        preset: [],
        view: state.view + 1,
        figures: new Map(),
        theory: null,
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
    case "memory":
      return shown === null ? state : { ...state, shown: { ...shown, memory: message.memory } };
    case "comparison":
      return withComparison(state, message);
    case "figures":
      return { ...state, figures: new Map([...state.figures, [message.step, message.figures]]) };
    case "theory":
      return { ...state, theory: message.theory };
  }
}

let revisions = 0;

function opened(view: RunView | null): ShownRun | null {
  return view === null ? null : { ...view, steps: decoded(view.steps), revision: ++revisions };
}

function decoded(steps: EncodedSteps): StepColumns {
  const columns = new StepColumns();
  columns.extend(steps);
  return columns;
}

/** What was asked for on the page is chosen there already, and what is chosen there meanwhile stays. */
function withComparison(
  state: PanelState,
  { asked, runs, shown }: Extract<ToWebview, { type: "comparison" }>,
): PanelState {
  const next = {
    ...state,
    comparison: runs.map(({ run, steps, worth }) => ({ run, steps: decoded(steps), worth })),
    worth: shown,
  };
  if (asked === "here") return next;
  return {
    ...next,
    preset: runs.map(({ run }) => run.id),
    view: state.view + 1,
    reveals: state.reveals + (asked === "elsewhere" ? 1 : 0),
  };
}

function withRuns(state: PanelState, runs: readonly RunSummary[]): PanelState {
  const run = runs.find(({ id }) => id === state.shown?.run.id);
  return { ...state, runs, shown: state.shown === null || run === undefined ? state.shown : { ...state.shown, run } };
}

/** @throws Error if steps are missing between what is here and what came: the page asks for everything anew */
function withSteps(shown: ShownRun, from: number, steps: EncodedSteps): ShownRun {
  if (from > shown.steps.length) throw new Error(`steps from ${from} on came while ${shown.steps.length} are here`);
  shown.steps.truncate(from);
  shown.steps.extend(steps);
  return { ...shown, revision: ++revisions };
}
