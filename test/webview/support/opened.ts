import { expect, onTestFinished } from "vitest";
import { openPage, type OpenPage, type PageOptions } from "./page";

/** A page that is closed when the test is over, and that must not have written an error until then. */
export async function opened(options: PageOptions = {}): Promise<OpenPage> {
  const open = await openPage(options);
  onTestFinished(async () => {
    const errors = open.errors();
    await open.close();
    expect(errors).toEqual([]);
  });
  return open;
}

/** The element that has the focus, by its words: the toolkit's buttons have it inside. */
export async function focusedName({ page }: OpenPage): Promise<string> {
  return String(await page.evaluate(`(() => { const element = document.activeElement; return element.getAttribute("aria-label") ?? element.textContent.trim(); })()`));
}
