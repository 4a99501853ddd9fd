import { h } from "./element";
import "./toggle.css";

/** A toggle button; {@link setPressed} sets its state. */
export function toggle(label: string, onPress: () => void): HTMLButtonElement {
  return h("button", { type: "button", class: "toggle", "aria-pressed": "false", onClick: onPress }, label);
}

/** Sets the state of a {@link toggle}. */
export function setPressed(element: HTMLElement, pressed: boolean): void {
  const value = String(pressed);
  if (element.getAttribute("aria-pressed") !== value) element.setAttribute("aria-pressed", value);
}

/** A labelled group of toggles, one of which is pressed. */
export function toggleGroup(name: string, toggles: readonly HTMLElement[]): HTMLElement {
  return h("div", { class: "toggle-group", role: "group", "aria-label": name }, ...toggles);
}
