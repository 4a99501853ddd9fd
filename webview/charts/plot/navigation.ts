/** Called by {@link navigable}. */
export interface Navigated {
  /** @param factor below 1 zooms in. @param clientX the fixed point of the zoom; by default the cursor or the middle */
  zoom(factor: number, clientX?: number): void;
  /** @param part of the visible range */
  pan(part: number): void;
  reset(): void;
  /** Moves the cursor by steps; by a tenth of the visible range if `far`. */
  step(by: number, far: boolean): void;
  /** Moves the cursor to the first or last visible step. */
  edge(end: "first" | "last"): void;
  /** Hides the cursor. */
  leave(): void;
}

/** Handles keys and the wheel on a plot. Without Ctrl the wheel scrolls the page, unless the plot has the focus. */
export function navigable(plot: HTMLElement, target: Navigated): void {
  plot.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !handleKey(event, target)) return;
    event.preventDefault();
    event.stopPropagation();
  });
  plot.addEventListener("blur", () => target.leave());
  plot.addEventListener("wheel", (event) => handleWheel(event, plot, target), { passive: false });
}

function handleKey({ key, shiftKey }: KeyboardEvent, target: Navigated): boolean {
  switch (key) {
    case "ArrowLeft":
    case "ArrowRight": {
      const by = key === "ArrowLeft" ? -1 : 1;
      if (shiftKey) target.pan(by * 0.2);
      else target.step(by, false);
      return true;
    }
    case "PageUp":
    case "PageDown":
      target.step(key === "PageUp" ? -1 : 1, true);
      return true;
    case "Home":
    case "End":
      target.edge(key === "Home" ? "first" : "last");
      return true;
    case "+":
    case "=":
      target.zoom(0.5);
      return true;
    case "-":
    case "_":
      target.zoom(2);
      return true;
    case "0":
      target.reset();
      return true;
    case "Escape":
      target.leave();
      return true;
    default:
      return false;
  }
}

/** Converts wheel deltas in lines to pixels. */
const pixelsPerLine = 16;

function handleWheel(event: WheelEvent, plot: HTMLElement, target: Navigated): void {
  const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? pixelsPerLine : 1;
  const across = (event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX) * unit;
  const along = event.shiftKey ? 0 : event.deltaY * unit;
  if (Math.abs(across) > Math.abs(along)) target.pan(across / plot.clientWidth);
  else if (event.ctrlKey || event.metaKey || document.activeElement === plot)
    target.zoom(Math.exp(Math.min(100, Math.max(-100, along)) / 250), event.clientX);
  else return;
  event.preventDefault();
}
