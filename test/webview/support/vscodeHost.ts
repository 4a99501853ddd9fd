import type { PageParts } from "../../../extension/host/webviewHtml";
import type { Theme } from "./themes";

/**
 * A script that gives a page what VS Code gives its webviews before any of their own code runs: the theme's class and tokens, VS Code's
 * own first style sheet, and `acquireVsCodeApi`, whose state lasts over a reload. `revganSent` must be exposed to the page.
 */
export function vscodeHostScript(theme: Theme, view: PageParts["view"]): string {
  return `(() => {
    const theme = ${JSON.stringify(theme)};
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(${JSON.stringify(vscodeStyles(view))});
    document.adoptedStyleSheets = [sheet];
    window.revganTheme = ({ bodyClass, tokens }) => {
      const style = document.documentElement.style;
      for (const name of [...style]) if (name.startsWith("--vscode-")) style.removeProperty(name);
      for (const [name, value] of Object.entries(tokens)) style.setProperty("--vscode-" + name, value);
      document.body.className = bodyClass;
      document.body.dataset.vscodeThemeKind = bodyClass.split(" ")[0];
    };
    const waiting = new MutationObserver(() => {
      if (document.body === null) return;
      waiting.disconnect();
      window.revganTheme(theme);
    });
    waiting.observe(document, { childList: true, subtree: true });
    let state = JSON.parse(sessionStorage.getItem("vscode-state") ?? "null") ?? undefined;
    window.acquireVsCodeApi = () => {
      delete window.acquireVsCodeApi;
      return {
        postMessage: (message) => void window.revganSent(structuredClone(message)),
        getState: () => state,
        setState: (next) => { state = next; sessionStorage.setItem("vscode-state", JSON.stringify(next)); return next; },
      };
    };
  })();`;
}

/** What VS Code puts under a webview's own styles; the page's background shines through. */
function vscodeStyles(view: PageParts["view"]): string {
  return `
    html { background: var(${view === "panel" ? "--vscode-editor-background" : "--vscode-sideBar-background"}); }
    @layer vscode-default {
      body { overscroll-behavior-x: none; background-color: transparent; color: var(--vscode-editor-foreground); font-family: var(--vscode-font-family); font-weight: var(--vscode-font-weight); font-size: var(--vscode-font-size); margin: 0; padding: 0 20px; }
      img, video { max-width: 100%; max-height: 100%; }
      a, a code { color: var(--vscode-textLink-foreground); }
    }`;
}
