import type { Host } from "../host/host";
import type { PanelState } from "../state/panelState";

/** Shows a part of the state. */
export interface Updatable {
  /** Called once in the animation frame after changes of the state, or after {@link SectionHost.requestUpdate}; cheap when nothing shown has changed. */
  update(state: PanelState): void;
  /** Called after a change of the colour theme, the page's size or its pixel ratio: canvases must be drawn again. */
  redraw?(): void;
}

/** A part of the page. */
export interface Section extends Updatable {
  readonly element: HTMLElement;
}

/** The page, as its sections see it. */
export interface SectionHost extends Host {
  /** Has every section updated in the next animation frame. Several calls before that frame cause one update. */
  requestUpdate(): void;
  /** Whether the user has dismissed a hint for a run, on this page or before it was reloaded. */
  isDismissed(run: string, hint: string): boolean;
  /** Shows a hint for a run no more. */
  dismiss(run: string, hint: string): void;
}

/** Everything that a page shows. */
export interface View {
  readonly element: HTMLElement;
  /** In the order in which they are updated. */
  readonly sections: readonly Updatable[];
}
