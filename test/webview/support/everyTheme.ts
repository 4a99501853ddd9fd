import { expect } from "vitest";
import { accessibilityFaults, colourRules } from "../../support/browser/axe";
import { isFull } from "../../support/full";
import type { OpenPage } from "./page";
import { themeNames, type ThemeName } from "./themes";

/**
 * Gives a page every theme in turn, as VS Code does, and expects that axe-core finds no fault: in the first by all rules, in the
 * others by those that look at colours, and when the tests run at length by all rules in each.
 * @param then called after each theme was looked at
 */
export async function expectNoFaultsInAnyTheme(
  open: OpenPage,
  then: (theme: ThemeName) => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  for (const [i, theme] of themeNames.entries()) {
    await open.setTheme(theme);
    // Legends and charts take the theme's colours in the next frame.
    await open.page.evaluate("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))");
    const rules = i === 0 || isFull ? undefined : colourRules;
    expect(await accessibilityFaults(open.page, rules), `in the theme ${theme}`).toEqual([]);
    await then(theme);
  }
}
