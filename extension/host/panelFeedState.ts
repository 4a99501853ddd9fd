/** The parts of a page's data that have changed since they were last sent. */
export interface PendingUpdate {
  readonly runs: boolean;
  /** The first step that the page lacks or holds in an outdated version; Infinity for none. */
  readonly fromStep: number;
  readonly samples: boolean;
  readonly memory: boolean;
}

/** The view of a run that was last sent to the page. */
export interface SentView {
  readonly run: string;
  /** False if the run's configuration is missing or invalid; the page then shows only steps and samples, without predicted memory. */
  readonly hasConfig: boolean;
}

/** The state of a {@link PanelFeed}: the run that its page shows, what was sent to the page, and what is still to be sent. */
export interface FeedState {
  /** The folder or temporary id of the shown run; null when there is no run to show. */
  readonly shown: string | null;
  /** The run that a command requested last. It takes precedence over the one that the page saved before its reload. */
  readonly requested: string | null;
  /** Runs that a command wants compared as soon as the page is ready; null for none. */
  readonly requestedComparison: readonly string[] | null;
  /** Null until the page has its first snapshot. `view` is null until the shown run's view was sent. */
  readonly sent: { readonly view: SentView | null } | null;
  readonly pending: PendingUpdate;
  /** Whether an update is being sent; further changes wait until it has ended. */
  readonly isUpdating: boolean;
  readonly isDisposed: boolean;
}

export type FeedEvent =
  /** The page was loaded, or is hidden and will be loaded again: it has no data now. */
  | { readonly type: "pageReset" }
  | { readonly type: "requested"; readonly run: string | null }
  | { readonly type: "comparisonRequested"; readonly runs: readonly string[] }
  | { readonly type: "comparisonTaken" }
  /** The feed shows another run from now on. */
  | { readonly type: "opened"; readonly run: string | null }
  /** Something that the page shows has changed. */
  | { readonly type: "changed"; readonly change: Partial<PendingUpdate> }
  /** The view of the shown run is being posted, alone or as part of a snapshot; `view` is null when no run is shown. */
  | { readonly type: "viewSent"; readonly view: SentView | null; readonly isSnapshot: boolean }
  | { readonly type: "updateStarted" }
  /** The pending parts are about to be sent. */
  | { readonly type: "pendingTaken" }
  | { readonly type: "updateEnded" }
  | { readonly type: "disposed" };

const nothingPending: PendingUpdate = { runs: false, fromStep: Infinity, samples: false, memory: false };

export const initialFeedState: FeedState = {
  shown: null,
  requested: null,
  requestedComparison: null,
  sent: null,
  pending: nothingPending,
  isUpdating: false,
  isDisposed: false,
};

/** The state after an event. */
export function afterFeedEvent(state: FeedState, event: FeedEvent): FeedState {
  const { pending, sent } = state;
  switch (event.type) {
    case "pageReset":
      return { ...state, sent: null };
    case "requested":
      return { ...state, requested: event.run ?? state.requested };
    case "comparisonRequested":
      return { ...state, requestedComparison: event.runs };
    case "comparisonTaken":
      return { ...state, requestedComparison: null };
    case "opened":
      // The pending steps belonged to the run that was shown before, and are dropped.
      return {
        ...state,
        shown: event.run,
        sent: sent && { view: null },
        pending: { ...pending, fromStep: Infinity },
      };
    case "changed":
      return { ...state, pending: merged(pending, event.change) };
    case "viewSent":
      if (event.isSnapshot)
        return state.isDisposed ? state : { ...state, sent: { view: event.view }, pending: nothingPending };
      return { ...state, sent: sent && { view: event.view }, pending: { ...pending, fromStep: Infinity } };
    case "updateStarted":
      return { ...state, isUpdating: true };
    case "pendingTaken":
      return { ...state, pending: nothingPending };
    case "updateEnded":
      return { ...state, isUpdating: false };
    case "disposed":
      return { ...state, sent: null, isDisposed: true };
  }
}

/** Whether an update is due: the page has its snapshot, something has changed since, and no update is being sent. */
export function needsUpdate({ sent, isUpdating, pending }: FeedState): boolean {
  const { runs, fromStep, samples, memory } = pending;
  return sent !== null && !isUpdating && (runs || samples || memory || fromStep < Infinity);
}

function merged(pending: PendingUpdate, change: Partial<PendingUpdate>): PendingUpdate {
  return {
    runs: pending.runs || change.runs === true,
    fromStep: Math.min(pending.fromStep, change.fromStep ?? Infinity),
    samples: pending.samples || change.samples === true,
    memory: pending.memory || change.memory === true,
  };
}
