import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { bundledPackages, thirdPartyNotices } from "../../../packaging/notices";
import { scratchFolder } from "../engines/scratch";

async function packageFolder(manifest: object, files: Record<string, string>): Promise<string> {
  const folder = scratchFolder();
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries({ ...files, "package.json": JSON.stringify(manifest) }))
    await writeFile(join(folder, name), text);
  return folder;
}

it("names each package once of which a part is in a bundle, each version, and none that was left out of it", () => {
  const outputs = {
    "dist/a.js": {
      bytes: 1,
      imports: [],
      inputs: {
        "extension/vscode/extension.ts": { bytesInOutput: 1 },
        "node_modules/zod/v4/core/util.js": { bytesInOutput: 1 },
        "node_modules/zod/index.js": { bytesInOutput: 1 },
      },
    },
    "dist/b.js": {
      bytes: 1,
      imports: [],
      inputs: {
        "../elsewhere/node_modules/@scope/outer/node_modules/inner/index.js": { bytesInOutput: 1 },
        "node_modules/@scope/name/index.js": { bytesInOutput: 1 },
        "node_modules/@scope/name/other.js": { bytesInOutput: 1 },
      },
    },
  };
  expect(bundledPackages({ inputs: { "node_modules/unused/index.js": { bytes: 1 } }, outputs })).toEqual([
    "@scope/name",
    "@scope/outer/node_modules/inner",
    "zod",
  ]);
});

it("carries the texts of licences, the Apache licence for who names it only, and the readme of who has neither", async () => {
  const folders = [
    await packageFolder(
      { name: "with", version: "1.0.0", license: "MIT" },
      { "LICENSE.md": "Copyright somebody", NOTICE: "and others" },
    ),
    await packageFolder({ name: "without", version: "2.0.0", license: "Apache-2.0" }, {}),
    await packageFolder(
      { name: "told", version: "3.0.0", license: "LGPL-3.0-or-later" },
      { "README.md": "made of these libraries" },
    ),
  ];
  const text = await thirdPartyNotices(folders, "Apache License, Version 2.0");
  expect(text).toContain("with 1.0.0 (MIT)\n\nCopyright somebody\n\nand others\n");
  expect(text).toContain("without 2.0.0 (Apache-2.0)\n\nApache License, Version 2.0\n");
  expect(text).toContain("told 3.0.0 (LGPL-3.0-or-later)\n\nmade of these libraries\n");
});
