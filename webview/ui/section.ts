import type { PanelState } from "../state/panelState";

/** A part of the page that shows a part of the state. */
export interface Section {
  readonly element: HTMLElement;
  /** Called after every change of the state; cheap when nothing that it shows has changed. */
  update(state: PanelState): void;
  /** Called when the colour theme, the size or the language changed: what is drawn on a canvas is drawn again. */
  redraw(): void;
}
