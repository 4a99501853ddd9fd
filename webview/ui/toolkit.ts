import { endStyleProbe } from "./styleProbe"; // Before the toolkit: it prepares what that asks while it loads.
import { provideVSCodeDesignSystem, vsCodeButton, vsCodeCheckbox } from "@vscode/webview-ui-toolkit";

endStyleProbe();

// Only the button and the checkbox are used. The toolkit is archived, and its dropdown, grid and panels lack the keyboard and screen
// reader support of native elements.
provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox());

/** The toolkit reads the theme when the body's class changes, as it does in VS Code. In a plain browser this must be done by hand. */
export function rereadToolkitTheme(): void {
  document.body.classList.toggle("colors-changed");
}
