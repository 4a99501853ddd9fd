import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { licenceIn } from "../../../extension/trainer/report/licence";

it.each([
  ["Pictures under CC BY-NC-SA 4.0.", "CC-BY-NC-SA-4.0"],
  ["license: cc-by-4.0", "CC-BY-4.0"],
  ["see https://creativecommons.org/licenses/by-sa/3.0/", "CC-BY-SA-3.0"],
  ["CC BY", "CC-BY"],
  ["Licensed under the Apache License, Version 2.0", "Apache-2.0"],
  ["MIT License\n\nCopyright (c) 2024", "MIT"],
  ["All rights reserved.", null],
  ["made by the Broad Institute of MIT and Harvard, abccby", null],
])("of %j", (text, name) => {
  expect(licenceIn(text)).toBe(name);
});

it("of the bundled sample data", () => {
  const of = (name: string): string | null => licenceIn(readFileSync(`media/samples/${name}/CREDITS.md`, "utf8"));
  expect([of("nuclei-labels"), of("brain-mini")]).toEqual(["CC0-1.0", "CC-BY-SA-3.0"]);
});
