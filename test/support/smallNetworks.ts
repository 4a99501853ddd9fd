import { type Config, parseConfig } from "../../extension/configuration/config";

const small = { width: 8, depth: 3, discriminator: { width: 8, layers: 2 } };

/** The parts of a configuration that a test sets; the rest is that of a small network. */
export interface Written {
  readonly mode?: Config["mode"];
  readonly network?: object;
  readonly cropSize?: unknown;
  readonly training?: object;
  readonly engine?: Config["engine"];
}

/** The full configuration of a small network, with every default, for pictures of 32² unless `cropSize` is given. */
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
