import { rereadToolkitTheme } from "./toolkit";

/** Media features that change the colours in a plain browser. */
const preferences = ["(prefers-color-scheme: dark)", "(prefers-contrast: more)", "(forced-colors: active)"];

/**
 * Calls back whenever canvases must be drawn again: after a change of VS Code's theme (classes of the body, variables of the root
 * element), of the browser's colour scheme, of the page's size or of its pixel ratio.
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
  // `resize` also fires when the pixel ratio changes; the body is narrower than the window when it has a scroll bar.
  addEventListener("resize", changed);
  let width = document.body.clientWidth;
  new ResizeObserver(() => {
    if (document.body.clientWidth === width) return;
    width = document.body.clientWidth;
    changed();
  }).observe(document.body);
}

/** Whether the user wants no motion: VS Code's setting, or the system's. */
export function reducesMotion(): boolean {
  return (
    document.body.classList.contains("vscode-reduce-motion") || matchMedia("(prefers-reduced-motion: reduce)").matches
  );
}
