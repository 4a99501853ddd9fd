import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { ensureBrowser } from "../vscode/install.mjs";
import { patience } from "./until";

/** What keeps Chromium from calling home, and lets it run as root and without a graphics card. */
const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Screenshots are the same on every machine.
  "--font-render-hinting=none",
  "--force-color-profile=srgb",
];

/** How a page looks to its user. Sizes in CSS pixels. */
export interface Appearance {
  width?: number;
  height?: number;
  colorScheme?: "light" | "dark";
  forcedColors?: boolean;
  reducedMotion?: boolean;
}

/** Starts a browser without a window; who calls it closes it. Installs one at need. */
export async function launchBrowser(): Promise<Browser> {
  const { executablePath, env } = ensureBrowser();
  return await chromium.launch({ executablePath, args: quiet, env: { ...process.env, ...env } });
}

/** An empty page of its own profile, 1400 × 900 unless told. It goes with its browser. */
export async function openPage(browser: Browser, appearance: Appearance = {}): Promise<Page> {
  const viewport = { width: appearance.width ?? 1400, height: appearance.height ?? 900 };
  // The screen is larger than the window, which else would count as full screen.
  const context = await browser.newContext({
    viewport,
    screen: { width: viewport.width + 200, height: viewport.height + 200 },
  });
  context.setDefaultTimeout(patience * 1000);
  const page = await context.newPage();
  await setAppearance(page, appearance);
  return page;
}

/** Changes what the page is told of its user's preferences; what is not named goes back to normal. */
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

/** Keeps a picture of the page as NAME.png in `REVGAN_SCREENSHOTS` (test-results/screenshots unless set). Returns its path. */
export async function screenshot(page: Page, name: string): Promise<string> {
  const path = join(
    process.env.REVGAN_SCREENSHOTS ?? join(import.meta.dirname, "..", "..", "..", "test-results", "screenshots"),
    `${name}.png`,
  );
  mkdirSync(dirname(path), { recursive: true });
  await page.screenshot({ path });
  return path;
}
