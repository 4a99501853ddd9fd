import type { Locator, Page } from "playwright-core";
import { until } from "../browser/until";

/** The entries of the open context menu, or of its open submenu when there is one. */
export async function menuEntries(page: Page): Promise<string[]> {
  return await innermost(page)
    .locator(".action-item:not(.disabled) > .action-menu-item > .action-label")
    .allInnerTexts();
}

/** Opens an element's context menu and chooses along a path of entries, for example ["Translate with RevGAN", "A to B"]. */
export async function chooseInContextMenu(page: Page, element: Locator, path: readonly string[]): Promise<void> {
  await openContextMenu(page, element);
  for (const [depth, name] of path.entries()) {
    const label = page.locator(".action-label").getByText(name, { exact: true });
    const entry = menus(page)
      .nth(depth)
      .locator(".action-item:not(.disabled) > .action-menu-item")
      .filter({ has: label })
      .first();
    await until(
      `the menu entry ${path.slice(0, depth + 1).join(" ▸ ")}`,
      async () => ((await entry.count()) > 0 ? true : undefined),
      () => menuEntries(page),
    );
    await entry.hover();
    if (depth === path.length - 1) await choose(entry);
    else
      await until(`the submenu of ${name}`, async () => ((await menus(page).count()) > depth + 1 ? true : undefined));
  }
}

// Clicks a menu entry. Just after a menu has opened it ignores clicks and stays open, so the click is repeated until it closes.
async function choose(entry: Locator): Promise<void> {
  await entry.click();
  await until("a context menu to close", async () => {
    if (!(await entry.isVisible())) return true;
    await entry.waitFor({ state: "hidden", timeout: 1000 }).catch(() => entry.click({ timeout: 1000 }));
    return undefined;
  });
}

/** Right-clicks an element and waits for its menu. Escape closes it. */
export async function openContextMenu(page: Page, element: Locator): Promise<void> {
  await element.click({ button: "right" });
  await until("a context menu", async () => ((await menuEntries(page)).length > 0 ? true : undefined));
}

// The open context menu and its open submenus, outermost first.
function menus(page: Page): Locator {
  return page.locator(".monaco-menu .actions-container:visible");
}

function innermost(page: Page): Locator {
  return menus(page).last();
}
