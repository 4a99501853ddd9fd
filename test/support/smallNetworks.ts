import { type Config, parseConfig } from "../../extension/configuration/config";

const small = { width: 8, depth: 3, discriminator: { width: 8, layers: 2 } };

/** A configuration of a small network, by what a test is about. */
export interface Written {
  readonly mode?: Config["mode"];
  readonly network?: object;
  readonly cropSize?: unknown;
  readonly training?: object;
  readonly engine?: Config["engine"];
}

/** The configuration with every default, for pictures of 32² unless given. */
export function configOf({ mode, network = {}, cropSize = 32, training = {}, engine }: Written): Config {
  return parseConfig(
    {
      ...(mode === undefined ? {} : { mode }),
      engine,
      network: { ...small, ...network },
      data: { loadSize: null, cropSize },
      training,
    },
    "the test's configuration",
  );
}
