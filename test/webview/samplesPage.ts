import type { Locator } from "playwright-core";
import type { OpenPage } from "./support/page";

/** Where the parts of the samples are in a panel. */

export const picture = (open: OpenPage, name: string): Locator =>
  open.page.locator(`.samples [data-picture="${name}"]`);
export const imageAt = (open: OpenPage, name: string, step: number): Locator =>
  picture(open, name).locator(
    `img[src$="/${String(step).padStart(6, "0")}/${name}"], img[src="samples/${String(step).padStart(6, "0")}/${name}"]`,
  );
export const slider = (open: OpenPage): Locator => open.page.getByRole("slider", { name: "Step" });
/** A button of the choice of direction: "A → B" or "B → A". */
export const direction = (open: OpenPage, name: string): Locator =>
  open.page.getByRole("group", { name: "Direction" }).getByRole("button", { name });
export const dialog = (open: OpenPage): Locator => open.page.getByRole("dialog", { name: "Sample at full size" });
