import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Frame, Page } from "playwright-core";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * What axe-core finds wrong with a page or frame: one line a fault, with the rule, the element and what to do. Frames inside it are
 * not looked into: ask for each. The rules named in `without` are left out.
 */
export async function accessibilityFaults(target: Page | Frame, without: readonly string[] = []): Promise<string[]> {
  const rules = Object.fromEntries(without.map((rule) => [rule, { enabled: false }]));
  // Through the debugger, which no content policy stops. The source defines a global; a void result keeps it from being sent back.
  await target.evaluate(`${source}; undefined`);
  const results = await target.evaluate<AxeResults>(
    `axe.run(document, { iframes: false, resultTypes: ["violations"], rules: ${JSON.stringify(rules)} })`,
  );
  return results.violations.flatMap(({ id, impact, help, nodes }) =>
    nodes.map(
      ({ target: path, html, failureSummary }) =>
        `${id} (${impact ?? "no impact"}): ${help}: ${path.join(" ")}: ${html}: ${failureSummary ?? ""}`,
    ),
  );
}
