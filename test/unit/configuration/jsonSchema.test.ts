import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { configKeys } from "../../../extension/configuration/keys";
import { configJsonSchema } from "../../../extension/configuration/jsonSchema";

const path = (name: string): string =>
  fileURLToPath(new URL(`../../../extension/configuration/${name}`, import.meta.url));
const chinese = JSON.parse(readFileSync(path("schemaTexts.zh-cn.json"), "utf8")) as Readonly<Record<string, string>>;

interface Node {
  description?: string;
  markdownDescription?: string;
  default?: unknown;
  enum?: unknown[];
  properties?: Record<string, Node>;
  additionalProperties?: boolean;
}

const nodeAt = (path: string): Node =>
  path.split(".").reduce<Node>((node, key) => node.properties?.[key] ?? {}, configJsonSchema());

describe("the JSON Schema", () => {
  it.each([
    ["revgan.schema.json", configJsonSchema()],
    ["revgan.schema.zh-cn.json", configJsonSchema((text, value = "") => (chinese[text] ?? text).replace("{0}", value))],
  ])("is committed as it is generated: %s", (name, schema) => {
    const file = path(name);
    const text = `${JSON.stringify(schema, null, 2)}\n`;
    if (process.env["UPDATE_SCHEMA"] === "1") writeFileSync(file, text);
    const how = "run `UPDATE_SCHEMA=1 npx vitest run test/unit/configuration/jsonSchema.test.ts`";
    expect(readFileSync(file, "utf8") === text, `${name} is not current: ${how}`).toBe(true);
  });

  it("explains every key and section", () => {
    const { settings, sections } = configKeys();
    const top = [...settings, ...sections].filter((key) => !/^data\.(folders|names|split|upsampling)\./.test(key));
    expect(top.filter((key) => !nodeAt(key).description)).toEqual([]);
  });

  it("knows defaults and choices", () => {
    expect(nodeAt("network.depth")).toMatchObject({ default: 9, type: "integer", minimum: 0 });
    expect(nodeAt("engine")).toMatchObject({
      default: "auto",
      enum: ["auto", "native-gpu", "webgpu", "native", "wasm"],
    });
    expect(nodeAt("training.maxSteps")).toMatchObject({ default: null });
  });

  it("says on hovering what a key does, its default and its cost", () => {
    expect(nodeAt("network.depth").markdownDescription).toMatch(
      /^Reversible blocks of the core.+\n\nDefault: `9`\n\nCost: .+ Bytes are the peak of a training step: by default 334\.3 MB$/s,
    );
    expect(nodeAt("network.discriminator.width").markdownDescription).toContain("Default: `64`");
    expect(nodeAt("data.a").markdownDescription).toBe(
      `${nodeAt("data.a").description}\n\nDefault: \`null\`\n\nCost: none`,
    );
    // Markdown would make a link of it.
    expect(nodeAt("data.upsampling").markdownDescription).toContain("\\[depth, height, width\\]");
    // What New Run… writes.
    const written =
      "mode network.depth network.width network.backprop network.dimensions network.inputChannels network.discriminator.width data.path data.folders data.a data.b data.names data.split data.loadSize data.cropSize training.epochs training.decayEpochs training.maxSteps training.batchSize training.sampleEvery training.checkpointEvery";
    for (const key of written.split(" ")) {
      expect(nodeAt(key).markdownDescription, key).toMatch(/\bdefault\b.+Cost: /is);
    }
  });

  it("marks unknown keys", () => {
    for (const section of configKeys().sections.filter((key) => !/^data\.(folders|names|split|upsampling)$/.test(key)))
      expect(nodeAt(section).additionalProperties, section).toBe(false);
  });
});
