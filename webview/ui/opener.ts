import { h } from "./element";

/** A button that expands and collapses content. `aria-expanded` holds whether it is expanded; {@link setExpanded} sets it. */
export function opener(label: string, onPress: () => void): HTMLButtonElement {
  return h("button", { type: "button", class: "opener", "aria-expanded": "false", onClick: onPress }, label);
}

export function setExpanded(element: HTMLElement, expanded: boolean): void {
  const value = String(expanded);
  if (element.getAttribute("aria-expanded") !== value) element.setAttribute("aria-expanded", value);
}
