import { h } from "./element";
import "./range.css";

/** A slider over whole numbers or fractions. {@link setRange} moves it. */
export function range(
  name: string,
  { min = 0, step = 1 }: { readonly min?: number; readonly step?: number },
  onInput: (value: number) => void,
): HTMLInputElement {
  const element = h("input", { type: "range", class: "range", min, step, "aria-label": name });
  element.addEventListener("input", () => {
    fill(element);
    onInput(element.valueAsNumber);
  });
  return element;
}

/** Sets the value and the largest value, without calling `onInput`. */
export function setRange(element: HTMLInputElement, value: number, max: number): void {
  element.max = String(max);
  element.value = String(value);
  fill(element);
}

/** Fills the track up to the thumb by a CSS gradient, since the browser's own track is white in dark themes. */
function fill(element: HTMLInputElement): void {
  const [min, max] = [Number(element.min), Number(element.max)];
  const share = max > min ? (element.valueAsNumber - min) / (max - min) : 1;
  element.style.setProperty("--range-done", String(share));
}
