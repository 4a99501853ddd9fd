// Makes the folder that F5 opens in the new window, in dist/: the bundled pictures and a configuration for them. If the configuration
// exists, nothing is changed, so runs trained there are kept.
import { cpSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runnerImport } from "vite";
import { root } from "./setup.mjs";

const name = "nuclei-labels";
const folder = join(root, "dist", "samples");
const config = join(folder, "revgan.json");
if (!existsSync(config)) {
  cpSync(join(root, "media", "samples", name), join(folder, name), { recursive: true });
  const { module } = await runnerImport(join(root, "extension", "configuration", "sampleConfigs.ts"));
  const { data, ...others } = module.sampleConfigs[name];
  writeFileSync(config, `${JSON.stringify({ ...others, data: { path: name, ...data } }, null, 2)}\n`);
}
