/** The cache folder in which the programs are installed. */
export function cacheFolder(): string;
/** VS Code's server with its web workbench, installed if missing: paths of its Node and of its program, and VS Code's version. */
export function ensureVscode(): { node: string; main: string; version: string };
/** A Chromium that runs without a display, installed if missing, and the environment variables that it needs. */
export function ensureBrowser(): { executablePath: string; env: Record<string, string> };
