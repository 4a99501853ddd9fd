import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { ensureBrowser } from "../vscode/install.mjs";
import { patience } from "./until";

/** Arguments with which Chromium makes no network requests of its own and runs as root and without a graphics card. */
const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // With these two, screenshots are the same on every machine.
  "--font-render-hinting=none",
  "--force-color-profile=srgb",
];

/** The window size of a page, in CSS pixels, and its user's preferences for colours and motion. */
export interface Appearance {
  width?: number;
  height?: number;
  colorScheme?: "light" | "dark";
  forcedColors?: boolean;
  reducedMotion?: boolean;
}

/** Starts a browser without a window, and installs one if there is none. The caller has to close it. */
export async function launchBrowser(): Promise<Browser> {
  const { executablePath, env } = ensureBrowser();
  return await chromium.launch({ executablePath, args: quiet, env: { ...process.env, ...env } });
}

/** Opens an empty page with a profile of its own, 1400 × 900 by default. It closes with its browser. */
export async function openPage(browser: Browser, appearance: Appearance = {}): Promise<Page> {
  const viewport = { width: appearance.width ?? 1400, height: appearance.height ?? 900 };
  // The screen is larger than the window; with equal sizes the page would count as full screen.
  const context = await browser.newContext({
    viewport,
    screen: { width: viewport.width + 200, height: viewport.height + 200 },
  });
  context.setDefaultTimeout(patience * 1000);
  const page = await context.newPage();
  await setAppearance(page, appearance);
  return page;
}

/** Sets the user's preferences that the page sees; those that are not given get their defaults. The size changes only if given. */
export async function setAppearance(page: Page, appearance: Appearance): Promise<void> {
  await page.emulateMedia({
    colorScheme: appearance.colorScheme ?? "light",
    forcedColors: appearance.forcedColors === true ? "active" : "none",
    reducedMotion: appearance.reducedMotion === true ? "reduce" : "no-preference",
  });
  if (appearance.width !== undefined && appearance.height !== undefined) {
    await page.setViewportSize({ width: appearance.width, height: appearance.height });
  }
}

/** Saves a screenshot as NAME.png in the folder `REVGAN_SCREENSHOTS`, by default test-results/screenshots. Returns its path. */
export async function screenshot(page: Page, name: string): Promise<string> {
  const path = join(
    process.env.REVGAN_SCREENSHOTS ?? join(import.meta.dirname, "..", "..", "..", "test-results", "screenshots"),
    `${name}.png`,
  );
  mkdirSync(dirname(path), { recursive: true });
  await page.screenshot({ path });
  return path;
}
