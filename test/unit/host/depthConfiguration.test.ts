import { join } from "node:path";
import { expect, test } from "vitest";
import { parseConfig, type Config } from "../../../extension/configuration/config";
import { depthConfigurationText } from "../../../extension/host/depthConfiguration";

const workspace = join("/", "work");

function read(config: Config, folder: string | null): Config {
  return parseConfig(JSON.parse(depthConfigurationText(config, 64, folder)), "");
}

test("is the run's with another depth, its data relative to the file where they are below it", () => {
  const config = parseConfig({ network: { width: 32 }, data: { path: join(workspace, "pictures", "maps") } }, "");
  const at64 = (path: string): Config => ({
    ...config,
    network: { ...config.network, depth: 64 },
    data: { ...config.data, path },
  });
  expect(read(config, workspace)).toEqual(at64("pictures/maps"));
  expect(read(config, join(workspace, "pictures", "maps"))).toEqual(at64("."));
  for (const folder of [null, join("/", "elsewhere")]) expect(read(config, folder)).toEqual(at64(config.data.path!));
  const sunflowers = join("/", "elsewhere", "sunflowers");
  const two = parseConfig({ data: { a: join(workspace, "daisies"), b: sunflowers } }, "");
  expect(read(two, workspace).data).toEqual({ ...two.data, a: "daisies", b: sunflowers });
});
