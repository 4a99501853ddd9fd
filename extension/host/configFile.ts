import { type Config, parseConfig } from "../configuration/config";
import { parseJsonWithComments } from "../configuration/jsonWithComments";
import { RevganError } from "../protocol/errors";
import { readSmallText, whyUnreadable } from "../files/limitedRead";

/**
 * Reads and checks a configuration, with every default filled in.
 * @throws RevganError `config` naming the key, or the place of a syntax error
 */
export async function readConfigFile(file: string): Promise<Config> {
  const text = await readSmallText(file).catch((error: unknown) => {
    throw new RevganError("config", `${file} ${whyUnreadable(error)}`, "write one with RevGAN: New Run…");
  });
  return parseConfig(parseJsonWithComments(text, file), file);
}
