import * as z from "zod/mini";
import { configSchema } from "./schema";

/** The JSON Schema of `revgan.json`, from which the editor completes, explains and checks it; `revgan.schema.json` is this, written down. */
export function configJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(configSchema, {
    io: "input",
    // What VS Code's JSON support knows best.
    target: "draft-07",
    override: ({ jsonSchema }) => {
      // zod adds the range of safe integers, which is no information for a reader.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  return { ...schema, title: "RevGAN configuration", allowComments: true, allowTrailingCommas: true };
}
