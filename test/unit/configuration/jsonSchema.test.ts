import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { sectionKeys, settingKeys } from "../../../extension/configuration/keys";
import { configJsonSchema } from "../../../extension/configuration/jsonSchema";

const file = fileURLToPath(new URL("../../../extension/configuration/revgan.schema.json", import.meta.url));

interface Node {
  description?: string;
  default?: unknown;
  enum?: unknown[];
  properties?: Record<string, Node>;
  additionalProperties?: boolean;
}

const nodeAt = (path: string): Node =>
  path.split(".").reduce<Node>((node, key) => node.properties?.[key] ?? {}, configJsonSchema());

describe("the JSON Schema", () => {
  it("is committed as it is generated", () => {
    const text = `${JSON.stringify(configJsonSchema(), null, 2)}\n`;
    if (process.env["UPDATE_SCHEMA"] === "1") writeFileSync(file, text);
    const how = "run `UPDATE_SCHEMA=1 npx vitest run test/unit/configuration/jsonSchema.test.ts`";
    expect(readFileSync(file, "utf8") === text, `revgan.schema.json is not current: ${how}`).toBe(true);
  });

  it("explains every key and section", () => {
    const top = [...settingKeys, ...sectionKeys].filter(
      (key) => !/^data\.(folders|names|split|upsampling)\./.test(key),
    );
    expect(top.filter((key) => !nodeAt(key).description)).toEqual([]);
  });

  it("knows defaults and choices", () => {
    expect(nodeAt("network.depth")).toMatchObject({ default: 9, type: "integer", minimum: 0 });
    expect(nodeAt("engine")).toMatchObject({ default: "auto", enum: ["auto", "native-gpu", "native", "wasm"] });
    expect(nodeAt("training.maxSteps")).toMatchObject({ default: null });
  });

  it("marks unknown keys", () => {
    for (const section of sectionKeys.filter((key) => !/^data\.(folders|names|split|upsampling)$/.test(key)))
      expect(nodeAt(section).additionalProperties, section).toBe(false);
  });
});
