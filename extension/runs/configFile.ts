import { readFile } from "node:fs/promises";
import { type Config, parseConfig } from "../protocol/config";
import { parseJsonWithComments } from "../protocol/configText";
import { RevganError } from "../protocol/errors";

/**
 * Reads and checks a configuration, with every default filled in.
 * @throws RevganError `config` naming the key, or the place of a syntax error
 */
export async function readConfigFile(file: string): Promise<Config> {
  const text = await readFile(file, "utf8").catch(() => {
    throw new RevganError("config", `${file} cannot be read`, "write one with RevGAN: New Run…");
  });
  return parseConfig(parseJsonWithComments(text, file), file);
}
