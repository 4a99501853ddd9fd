import { h } from "./element";
import "./toggle.css";

/** A button that stays pressed or not; {@link setPressed} says which. */
export function toggle(label: string, onPress: () => void): HTMLButtonElement {
  return h("button", { type: "button", class: "toggle", "aria-pressed": "false", onClick: onPress }, label);
}

/** Presses a button of {@link toggle} or releases it. */
export function setPressed(element: HTMLElement, pressed: boolean): void {
  const value = String(pressed);
  if (element.getAttribute("aria-pressed") !== value) element.setAttribute("aria-pressed", value);
}

/** Toggles of which one is pressed, named for what they choose. */
export function toggleGroup(name: string, toggles: readonly HTMLElement[]): HTMLElement {
  return h("div", { class: "toggle-group", role: "group", "aria-label": name }, ...toggles);
}
