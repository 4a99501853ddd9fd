import { rereadToolkitTheme } from "./toolkit";

/** Preferences of the user that change colours where no VS Code does. */
const preferences = ["(prefers-color-scheme: dark)", "(prefers-contrast: more)", "(forced-colors: active)"];

/**
 * Calls back whenever what is drawn on a canvas must be drawn again: VS Code changed its theme (classes of the body, tokens on the root
 * element), the browser its colours, or the page its size or its number of pixels.
 */
export function onAppearanceChange(changed: () => void): void {
  const themes = new MutationObserver(changed);
  themes.observe(document.body, { attributeFilter: ["class", "data-vscode-theme-kind"] });
  themes.observe(document.documentElement, { attributeFilter: ["style", "class"] });
  for (const preference of preferences) {
    matchMedia(preference).addEventListener("change", () => {
      rereadToolkitTheme();
      changed();
    });
  }
  // Of the window, which also tells of another number of pixels; and of the page, from which a scroll bar may take some.
  addEventListener("resize", changed);
  let width = document.body.clientWidth;
  new ResizeObserver(() => {
    if (document.body.clientWidth === width) return;
    width = document.body.clientWidth;
    changed();
  }).observe(document.body);
}
