import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { downloadAndUnzipVSCode } from "@vscode/test-electron";
import { cacheFolder, ensureVscode } from "./install.mjs";

/**
 * The path of a desktop VS Code, which @vscode/test-electron downloads. If the download fails or takes longer than `seconds`, the reason.
 */
export async function desktopVscode(seconds = 20): Promise<{ program: string } | { reason: string }> {
  const cachePath = join(cacheFolder(), "desktop");
  mkdirSync(cachePath, { recursive: true });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<{ reason: string }>((resolve) => {
    timer = setTimeout(() => resolve({ reason: `its download did not end within ${seconds} s` }), seconds * 1000);
  });
  const quiet = { report: () => undefined, error: () => undefined };
  try {
    const program = downloadAndUnzipVSCode({ cachePath, timeout: seconds * 1000, reporter: quiet }).then((path) => ({
      program: path,
    }));
    return await Promise.race([program, late]);
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** A line to print: the version of VS Code in the tests, and whether a desktop VS Code could be downloaded. */
export async function describeVscode(): Promise<string> {
  const desktop = await desktopVscode();
  const other =
    "program" in desktop
      ? `the desktop one is at ${desktop.program}`
      : `the desktop one cannot be had here (${desktop.reason})`;
  return `The tests drive VS Code ${ensureVscode().version} in its web workbench; ${other}.`;
}
