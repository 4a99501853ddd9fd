import { h } from "./element";
import { icon, type IconName } from "./icons";
import "./toolkit";

/** How a button looks. */
export interface ButtonOptions {
  /** Primary for the one thing to do, secondary for the others. */
  readonly appearance?: "primary" | "secondary";
  readonly icon?: IconName;
  readonly title?: string;
  readonly onPress: () => void;
}

/** A button with a label, and an icon before it. */
export function button(
  label: string,
  { appearance = "secondary", icon: name, title, onPress }: ButtonOptions,
): HTMLElement {
  const element = h("vscode-button", { appearance, title: title ?? null }, label);
  if (name !== undefined) {
    const picture = icon(name);
    picture.setAttribute("slot", "start");
    element.prepend(picture);
  }
  element.addEventListener("click", () => element.ariaDisabled !== "true" && onPress());
  return element;
}

/** Makes a button refuse to be pressed, or take it again. It keeps the focus, which a disabled one would drop. */
export function setRefusing(element: HTMLElement, refuses: boolean): void {
  // The toolkit hands this property, and not the attribute, on to the button inside.
  element.ariaDisabled = refuses ? "true" : null;
}
