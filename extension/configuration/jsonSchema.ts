import * as z from "zod/mini";
import { costByKey, defaultPeak } from "./costs";
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
  addHovers(schema as Node, "");
  return { ...schema, title: "RevGAN configuration", allowComments: true, allowTrailingCommas: true };
}

/** A part of a JSON Schema, with a key that VS Code adds to the standard. */
interface Node {
  description?: string;
  markdownDescription?: string;
  default?: unknown;
  properties?: Record<string, Node>;
}

/** VS Code's hovers show neither a default nor what a key costs: both become a part of the text. */
function addHovers(node: Node, path: string): void {
  for (const [name, child] of Object.entries(node.properties ?? {})) {
    const key = path === "" ? name : `${path}.${name}`;
    const facts = [...defaultOf(child), ...costOf(key)];
    if (child.description !== undefined && facts.length > 0)
      child.markdownDescription = [escaped(child.description), ...facts].join("\n\n");
    addHovers(child, key);
  }
}

/** Where the default follows from other keys, the description tells it. */
function defaultOf({ default: value, properties }: Node): string[] {
  return value === undefined || properties !== undefined ? [] : [`Default: \`${JSON.stringify(value)}\``];
}

function costOf(key: string): string[] {
  const cost = costByKey[key];
  if (cost === undefined) return [];
  const compared = cost.includes("MB") ? `. Bytes are the peak of a training step: by default ${defaultPeak}` : "";
  return [`Cost: ${cost}${compared}`];
}

function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>#]/g, "\\$&");
}
