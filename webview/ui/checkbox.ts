import { h } from "./element";
import "./toolkit";

/** A checkbox with a label. */
export interface Checkbox {
  readonly element: HTMLElement;
  /** Checks or unchecks the box without calling `onChange`. */
  set(checked: boolean): void;
  /** Sets the accessible name and the tooltip; the visible label may be shorter, or empty. */
  name(text: string): void;
}

/** Makes a checkbox. @param name accessible name and tooltip. @param onChange called only when the user changes the box */
export function checkbox(label: string, name: string, onChange: (checked: boolean) => void): Checkbox {
  const element = h("vscode-checkbox", { "aria-label": name, title: name }, label) as HTMLElement & {
    checked: boolean;
  };
  // The toolkit also fires `change` when the program sets the property, so these events must be ignored.
  let setting = false;
  element.addEventListener("change", () => {
    if (!setting) onChange(element.checked);
  });
  return {
    element,
    name: (text) => {
      if (element.title === text) return;
      element.title = text;
      element.setAttribute("aria-label", text);
    },
    set: (checked) => {
      if (element.checked === checked) return;
      setting = true;
      element.checked = checked;
      setting = false;
    },
  };
}
