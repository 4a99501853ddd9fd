import { h } from "./element";
import { icon, type IconName } from "./icons";
import "./toolkit";

/** How a button looks. */
export interface ButtonOptions {
  /** Secondary by default; `icon` shows the icon alone, with the label as its name and tooltip. */
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
