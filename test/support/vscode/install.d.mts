/** Where the programs are kept. */
export function cacheFolder(): string;
/** VS Code's server with its web workbench, installed at need: its own Node, its program, VS Code's version. */
export function ensureVscode(): { node: string; main: string; version: string };
/** A Chromium that runs without a display, installed at need, and the variables that it needs. */
export function ensureBrowser(): { executablePath: string; env: Record<string, string> };
