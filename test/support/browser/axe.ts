import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Frame, Page } from "playwright-core";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** axe's rules about colours. All other rules give the same result in every theme. */
export const colourRules = ["color-contrast", "link-in-text-block"] as const;

/**
 * The accessibility faults that axe-core finds in a page or frame: one line per fault, with rule, element and remedy. Frames inside it
 * are not checked; call this for each of them.
 * @param only the rules to check; by default all
 */
export async function accessibilityFaults(target: Page | Frame, only?: readonly string[]): Promise<string[]> {
  // Evaluated through the debugger, which no content security policy blocks. The source defines a global, which `undefined` keeps from
  // being sent back as the result.
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
