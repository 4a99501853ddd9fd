import type { Host } from "../host/host";
import type { PanelState } from "../state/panelState";

/** Something on the page that shows a part of the state. */
export interface Updatable {
  /**
   * Called once in the animation frame after changes of the state or after {@link SectionHost.requestUpdate}. It has to be cheap if
   * nothing that it shows has changed.
   */
  update(state: PanelState): void;
  /** Called after a change of the colour theme, the page's size or its pixel ratio: canvases must be drawn again. */
  redraw?(): void;
}

/** A part of the page. */
export interface Section extends Updatable {
  readonly element: HTMLElement;
}

/** The functions of the page that its sections may call. */
export interface SectionHost extends Host {
  /** Updates every section in the next animation frame. Several calls before that frame cause one update. */
  requestUpdate(): void;
  /** Whether the user has dismissed a hint for a run, on this page or before it was reloaded. */
  isDismissed(run: string, hint: string): boolean;
  /** Remembers that a hint is not to be shown for a run again. */
  dismiss(run: string, hint: string): void;
}

/** The contents of a page: its element and its sections. */
export interface View {
  readonly element: HTMLElement;
  /** The sections, in the order in which they are updated. */
  readonly sections: readonly Updatable[];
}
