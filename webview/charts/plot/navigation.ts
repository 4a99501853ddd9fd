/** Callbacks for navigation of a plot by keys or wheel, and for its loss of the focus. */
export interface NavigationEvents {
  /** @param factor below 1 zooms in. @param clientX the fixed point of the zoom; by default the cursor or the middle */
  zoom(factor: number, clientX?: number): void;
  /** @param part share of the visible range's width; below 0 towards earlier steps */
  pan(part: number): void;
  reset(): void;
  /** Moves the cursor by `by` steps, or if `far` by `by` tenths of the visible range. */
  step(by: number, far: boolean): void;
  /** Moves the cursor to the first or last visible step. */
  edge(end: "first" | "last"): void;
  /** Hides the cursor. */
  leave(): void;
}

/**
 * Listens for keys, wheel and loss of focus on a plot. The wheel pans if it turns sideways or with Shift; it zooms with Ctrl or Cmd, or
 * while the plot has the focus; otherwise it scrolls the page.
 */
export function listenForNavigation(plot: HTMLElement, target: NavigationEvents): void {
  plot.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !handleKey(event, target)) return;
    event.preventDefault();
    event.stopPropagation();
  });
  plot.addEventListener("blur", () => target.leave());
  plot.addEventListener("wheel", (event) => handleWheel(event, plot, target), { passive: false });
}

function handleKey({ key, shiftKey }: KeyboardEvent, target: NavigationEvents): boolean {
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

/** Pixels per line, to convert wheel events whose deltas are in lines. */
const pixelsPerLine = 16;

function handleWheel(event: WheelEvent, plot: HTMLElement, target: NavigationEvents): void {
  const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? pixelsPerLine : 1;
  const across = (event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX) * unit;
  const along = event.shiftKey ? 0 : event.deltaY * unit;
  if (Math.abs(across) > Math.abs(along)) target.pan(across / plot.clientWidth);
  else if (event.ctrlKey || event.metaKey || document.activeElement === plot)
    target.zoom(Math.exp(Math.min(100, Math.max(-100, along)) / 250), event.clientX);
  else return;
  event.preventDefault();
}
