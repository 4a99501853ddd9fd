/** Settings that keep VS Code from disturbing tests: it shows nothing by itself, makes no network requests, and animates nothing. */
export const quietSettings: Readonly<Record<string, unknown>> = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "workbench.reduceMotion": "on",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.welcomePage.walkthroughs.openOnInstall": false,
  "workbench.layoutControl.enabled": false,
  "chat.disableAIFeatures": true,
  "chat.commandCenter.enabled": false,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "security.workspace.trust.startupPrompt": "never",
  "explorer.compactFolders": false,
  "files.simpleDialog.enable": true,
  "window.confirmBeforeClose": "never",
  "git.openRepositoryInParentFolders": "never",
  "npm.autoDetect": "off",
  "remote.autoForwardPorts": false,
};

/** VS Code's colour themes that tests use: the value of the setting, and the CSS class that the workbench then has. */
export const themes = {
  dark: { name: "Default Dark Modern", class: "vs-dark" },
  light: { name: "Default Light Modern", class: "vs" },
  highContrastDark: { name: "Default High Contrast", class: "hc-black" },
  highContrastLight: { name: "Default High Contrast Light", class: "hc-light" },
} as const;

export type Theme = keyof typeof themes;
