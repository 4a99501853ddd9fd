import { h } from "./element";
import "./toolkit";

/** A box to tick, with its label. */
export interface Checkbox {
  readonly element: HTMLElement;
  /** Ticks or clears it without a call back. */
  set(checked: boolean): void;
  /** What a screen reader and the tooltip say; the label that is seen may be shorter, or empty. */
  name(text: string): void;
}

/** @param name as {@link Checkbox.name} */
export function checkbox(label: string, name: string, onChange: (checked: boolean) => void): Checkbox {
  const element = h("vscode-checkbox", { "aria-label": name, title: name }, label) as HTMLElement & {
    checked: boolean;
  };
  // The toolkit tells of changes made by the program too.
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
