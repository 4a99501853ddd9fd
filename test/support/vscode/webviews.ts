import type { Frame, Page } from "playwright-core";
import { until } from "../browser/until";

/** Webviews of extensions. Each is a frame inside a frame; the inner frame has the extension's document. */
export class Webviews {
  constructor(private readonly page: Page) {}

  /** Waits for a visible webview and returns its document. @param title the page's `<title>`, or VS Code's name for the editor or view */
  async frame(title: string | RegExp, seconds?: number): Promise<Frame> {
    const isIt = (each: string): boolean => (typeof title === "string" ? each === title : title.test(each));
    const find = async (): Promise<Frame | undefined> =>
      (await this.shown()).find((webview) => webview.titles.some(isIt))?.frame;
    const seen = async (): Promise<string[][]> => (await this.shown()).map(({ titles }) => titles);
    return await until(`the webview ${String(title)}`, find, seen, seconds);
  }

  /** The titles of all visible webviews. */
  async titles(): Promise<string[]> {
    return (await this.shown()).map(({ titles }) => titles.join(" / "));
  }

  private async shown(): Promise<{ titles: string[]; frame: Frame }[]> {
    const outer = await this.page.locator("iframe.webview.ready:visible").elementHandles();
    const found = await Promise.all(
      outer.map(async (element) => {
        const inner = await (
          await element.contentFrame()
        )
          ?.locator("iframe#active-frame")
          .elementHandle({ timeout: 500 })
          .catch(() => undefined);
        const frame = await inner?.contentFrame();
        if (frame === null || frame === undefined) return undefined;
        const titles = [await frame.title(), await element.getAttribute("title"), await inner?.getAttribute("title")];
        return { frame, titles: titles.filter((title) => typeof title === "string" && title !== "") as string[] };
      }),
    );
    return found.filter((webview) => webview !== undefined);
  }
}
