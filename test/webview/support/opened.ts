import { isDeepStrictEqual } from "node:util";
import { expect, onTestFinished } from "vitest";
import type { FromWebview } from "../../../extension/protocol/panel";
import { until } from "../../support/browser/until";
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

/** Waits until the page has said this; a message takes its time to the host, and others may come after it. */
export async function says(open: OpenPage, message: FromWebview): Promise<void> {
  const said = (): boolean => open.sent().some((each) => isDeepStrictEqual(each, message));
  await until(
    `the message ${JSON.stringify(message)}`,
    () => Promise.resolve(said() ? true : undefined),
    () => Promise.resolve(open.sent()),
  );
}

export async function eventually(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  await until(what, async () => ((await holds()) ? true : undefined));
}

/** The element that has the focus, by its words: the toolkit's buttons have it inside. */
export async function focusedName({ page }: OpenPage): Promise<string> {
  return String(
    await page.evaluate(
      `(() => { const element = document.activeElement; return element.getAttribute("aria-label") ?? element.textContent.trim(); })()`,
    ),
  );
}
