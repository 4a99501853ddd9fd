import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Frame, Page } from "playwright-core";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The rules that look at colours; what the others look at is the same in every theme. */
export const colourRules = ["color-contrast", "link-in-text-block"] as const;

/**
 * What axe-core finds wrong with a page or frame: one line a fault, with the rule, the element and what to do. Frames inside it are
 * not looked into: ask for each.
 * @param only the rules to check, when not all
 */
export async function accessibilityFaults(target: Page | Frame, only?: readonly string[]): Promise<string[]> {
  // Through the debugger, which no content policy stops. The source defines a global; a void result keeps it from being sent back.
  await target.evaluate(`${source}; undefined`);
  const options = {
    iframes: false,
    resultTypes: ["violations"],
    ...(only === undefined ? {} : { runOnly: { type: "rule", values: only } }),
  };
  const results = await target.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`);
  return results.violations.flatMap(({ id, impact, help, nodes }) =>
    nodes.map(
      ({ target: path, html, failureSummary }) =>
        `${id} (${impact ?? "no impact"}): ${help}: ${path.join(" ")}: ${html}: ${failureSummary ?? ""}`,
    ),
  );
}
