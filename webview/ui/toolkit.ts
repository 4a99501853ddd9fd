import { endStyleProbe } from "./styleProbe"; // Before the toolkit: it prepares what that asks while it loads.
import { provideVSCodeDesignSystem, vsCodeButton, vsCodeCheckbox } from "@vscode/webview-ui-toolkit";

endStyleProbe();

// Its dropdown, grid and panels are left out: a native select, table and headings do the same with a keyboard and a screen reader, and
// those of the toolkit, which is archived, do not.
provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox());

/** The toolkit reads the theme when the body's class changes, as VS Code does it; a plain browser changes its colours without. */
export function rereadToolkitTheme(): void {
  document.body.classList.toggle("colors-changed");
}
