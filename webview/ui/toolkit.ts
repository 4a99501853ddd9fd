import { endStyleProbe } from "./styleProbe"; // Must be imported before the toolkit, whose test for `:focus-visible` runs while it loads.
import { provideVSCodeDesignSystem, vsCodeButton, vsCodeCheckbox } from "@vscode/webview-ui-toolkit";

endStyleProbe();

// Only the button and the checkbox are used. The toolkit is archived, and its dropdown, grid and panels lack the keyboard and screen
// reader support of native elements.
provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox());

/** Makes the toolkit read the theme again. It does so when the body's class changes, which in a plain browser nothing else changes. */
export function rereadToolkitTheme(): void {
  document.body.classList.toggle("colors-changed");
}
