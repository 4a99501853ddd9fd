import * as z from "zod/mini";
import { costByKey, defaultPeak } from "./costs";
import { configSchema } from "./schema";

/** Translates a text of the schema; `{0}` is replaced by the value. */
type Translate = (text: string, value?: string) => string;

const english: Translate = (text, value = "") => text.replace("{0}", value);

/**
 * The JSON Schema of `revgan.json`, with which the editor completes, explains and checks such files. `revgan.schema.json` and its
 * translations beside it hold this function's result.
 */
export function configJsonSchema(translate: Translate = english): Record<string, unknown> {
  const schema = z.toJSONSchema(configSchema, {
    io: "input",
    // The version of JSON Schema that VS Code supports best.
    target: "draft-07",
    override: ({ jsonSchema }) => {
      // zod adds the range of safe integers as limits; they are removed, because they tell a reader nothing.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  translateDescriptions(schema, translate);
  addHovers(schema as Node, "", translate);
  return { ...schema, title: translate("RevGAN configuration"), allowComments: true, allowTrailingCommas: true };
}

/** A part of a JSON Schema, with a key that VS Code adds to the standard. */
interface Node {
  description?: string;
  markdownDescription?: string;
  default?: unknown;
  properties?: Record<string, Node>;
}

function translateDescriptions(node: object, translate: Translate): void {
  if ("description" in node && typeof node.description === "string") node.description = translate(node.description);
  for (const child of Object.values(node)) {
    if (typeof child === "object" && child !== null) translateDescriptions(child as object, translate);
  }
}

/** Adds each key's default and cost to its hover text, because VS Code shows no field for either. */
function addHovers(node: Node, path: string, translate: Translate): void {
  for (const [name, child] of Object.entries(node.properties ?? {})) {
    const key = path === "" ? name : `${path}.${name}`;
    const facts = [...defaultOf(child, translate), ...costOf(key, translate)];
    if (child.description !== undefined && facts.length > 0)
      child.markdownDescription = [escaped(child.description), ...facts].join("\n\n");
    addHovers(child, key, translate);
  }
}

/** The line about a key's default; none where the default depends on other keys: then the key's description states it. */
function defaultOf({ default: value, properties }: Node, translate: Translate): string[] {
  if (value === undefined || properties !== undefined) return [];
  return [translate("Default: {0}", `\`${JSON.stringify(value)}\``)];
}

function costOf(key: string, translate: Translate): string[] {
  const cost = costByKey[key];
  if (cost === undefined) return [];
  const compared = cost.includes("MB")
    ? translate(". Bytes are the peak of a training step: by default {0}", defaultPeak)
    : "";
  return [`${translate("Cost: {0}", translate(cost))}${compared}`];
}

function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>#]/g, "\\$&");
}
