import { h } from "./element";
import { icon, type IconName } from "./icons";
import "./toolkit";

/** Appearance and callback of a button. */
export interface ButtonOptions {
  /** The button's style, `secondary` by default; `icon` shows only the icon, with the label as accessible name and tooltip. */
  readonly appearance?: "primary" | "secondary" | "icon";
  readonly icon?: IconName;
  readonly title?: string;
  readonly onPress: () => void;
}

/** A button with a label, and optionally an icon. */
export function button(
  label: string,
  { appearance = "secondary", icon: name, title, onPress }: ButtonOptions,
): HTMLElement {
  const isIcon = appearance === "icon";
  const element = h(
    "vscode-button",
    { "aria-label": isIcon ? label : null, appearance, title: title ?? (isIcon ? label : null) },
    isIcon ? null : label,
  );
  if (name !== undefined) {
    const picture = icon(name);
    if (!isIcon) picture.setAttribute("slot", "start");
    element.prepend(picture);
  }
  element.addEventListener("click", () => element.ariaDisabled !== "true" && onPress());
  return element;
}

/** Disables or enables a button through `aria-disabled`, with which it keeps the focus. */
export function setDisabled(element: HTMLElement, isDisabled: boolean): void {
  // The toolkit forwards the property, not the attribute, to its inner button.
  element.ariaDisabled = isDisabled ? "true" : null;
}
