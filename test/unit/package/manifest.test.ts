import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { copyManifest, filesNamedBy } from "../../../packaging/manifest";
import { scratchFolder } from "../engines/scratch";

it("finds the files that a manifest names, wherever they are named, and nothing that only looks like one", () => {
  const manifest = {
    main: "./dist/extension.js",
    icon: "media/icon.png",
    description: "Trains on png/jpeg files. And more.",
    homepage: "https://example.org/revgan.html",
    contributes: {
      commands: [
        { command: "revgan.train", icon: "$(play)" },
        { icon: { light: "./media/light/run.svg", dark: "./media/dark/run.svg" } },
      ],
      jsonValidation: [
        { fileMatch: ["revgan.json", "**/.revgan/run.json"], url: "./extension/configuration/revgan.schema.json" },
      ],
    },
  };
  expect(filesNamedBy(manifest)).toEqual([
    "dist/extension.js",
    "extension/configuration/revgan.schema.json",
    "media/dark/run.svg",
    "media/icon.png",
    "media/light/run.svg",
  ]);
});

it("leaves what only a checkout needs, and takes the texts and the files that the manifest names", async () => {
  const [root, folder] = [scratchFolder(), scratchFolder()];
  await mkdir(join(root, "schemas"));
  const manifest = {
    name: "revgan",
    scripts: { test: "x" },
    devDependencies: { y: "1" },
    dependencies: { z: "1" },
    private: true,
    contributes: { jsonValidation: [{ url: "%schema%" }, { url: "./schemas/run.schema.json" }] },
  };
  const files = {
    "package.json": JSON.stringify(manifest),
    "package.nls.json": '{ "schema": "./schemas/revgan.schema.json" }',
    "package.nls.pt-br.json": '{ "schema": "./schemas/revgan.schema.pt-br.json" }',
    "package-lock.json": "{}",
    "schemas/revgan.schema.json": "{}",
    "schemas/revgan.schema.pt-br.json": "{}",
    "schemas/run.schema.json": "{}",
    "schemas/other.json": "{}",
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text);
  await copyManifest(root, folder);
  expect((await readdir(folder, { recursive: true })).sort()).toEqual([
    "package.json",
    "package.nls.json",
    "package.nls.pt-br.json",
    "schemas",
    join("schemas", "revgan.schema.json"),
    join("schemas", "revgan.schema.pt-br.json"),
    join("schemas", "run.schema.json"),
  ]);
  expect(Object.keys(JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as object)).toEqual([
    "name",
    "contributes",
  ]);
});
