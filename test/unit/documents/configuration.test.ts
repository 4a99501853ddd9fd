import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../extension/configuration/config";
import { costByKey, defaultPeak } from "../../../extension/configuration/costs";
import { configJsonSchema } from "../../../extension/configuration/jsonSchema";
import { configKeys } from "../../../extension/configuration/keys";
import { mayChangeOnResume } from "../../../extension/configuration/assignments";
import { settings } from "../../../extension/vscode/settings";
import { codeBlocks, tableRows, textOf } from "./documents";

const reference = textOf("docs/configuration.md");
const rows = tableRows(reference);

/** Keys with a row of their own: those inside `data.folders`, `data.names`, `data.split` and `data.upsampling` are told with these. */
const keys = configKeys().settings.filter((key) => !/^data\.(folders|names|split|upsampling)\./.test(key));

/** Configurations with defaults of their own, beside those of `{}`, and the key that each sets. */
const variants = [
  { name: "volumes", sets: "network.dimensions", config: { network: { dimensions: 3 } } },
  { name: "paired", sets: "mode", config: { mode: "paired" } },
  { name: "cyclegan", sets: "network.kind", config: { network: { kind: "cyclegan" } } },
  { name: "pix2pix", sets: "network.kind", config: { network: { kind: "pix2pix" } } },
] as const;

describe("docs/configuration.md", () => {
  it("has a row for every key of revgan.json, and for no other", () => {
    const told = rows.filter((cells) => cells.length === 5).map(([key]) => unquoted(key!));
    expect(told.filter((key) => key !== "key").sort()).toEqual([...keys].sort());
  });

  it.each(keys)("tells default, effect and cost of %s as the editor does", (key) => {
    const [, byDefault, effect, cost, resume] = rows.find(([first]) => first === `\`${key}\``) ?? [];
    expect({ byDefault, effect }).toEqual({ byDefault: defaultsOf(key), effect: descriptionOf(key) });
    // Where more is to be said, the document has a link.
    expect(cost).toEqual(costByKey[key] ?? expect.stringContaining(".md"));
    expect(resume).toBe(mayChangeOnResume(key) ? "yes" : "no");
  });

  it("knows what costs are compared with", () => {
    expect(reference).toContain(`The default configuration peaks at ${defaultPeak}`);
  });

  it("has a row for every setting of VS Code", () => {
    const told = rows.filter(([name]) => name?.startsWith("`revgan."));
    expect(told.map(([name, byDefault]) => [unquoted(name!), unquoted(byDefault!)])).toEqual(
      Object.entries(settings).map(([name, { default: value }]) => [`revgan.${name}`, JSON.stringify(value)]),
    );
  });

  it.each(["docs/configuration.md", "docs/volumes.md", "README.md"])(
    "%s shows configurations that are valid",
    (name) => {
      for (const block of codeBlocks(textOf(name)).filter((code) => /^\s*\{/.test(code)))
        expect(() => parseConfig(JSON.parse(block.replace(/\s*\/\/.*$/gm, "")), name)).not.toThrow();
    },
  );
});

function unquoted(cell: string): string {
  return cell.replace(/^`|`$/g, "");
}

/** `286`, volumes `null`: the default of `{}`, and where others differ theirs. */
function defaultsOf(key: string): string {
  const usual = valueAt(parseConfig({}, ""), key);
  const cells = [`\`${usual}\``];
  const others = new Map<string, string[]>();
  for (const { name, sets, config } of variants) {
    if (sets === key) continue;
    const value = valueAt(parseConfig(config, ""), key);
    const isToldOfPaired = name === "pix2pix" && others.get(value)?.includes("paired") === true;
    if (value !== usual && !isToldOfPaired) others.set(value, [...(others.get(value) ?? []), name]);
  }
  for (const [value, names] of others) cells.push(`${names.join(" and ")} \`${value}\``);
  return cells.join(", ");
}

function valueAt(config: object, key: string): string {
  return JSON.stringify(
    key.split(".").reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], config),
  );
}

interface Node {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
}

function descriptionOf(key: string): string | undefined {
  return key.split(".").reduce<Node>((node, name) => node.properties?.[name] ?? {}, configJsonSchema()).description;
}
