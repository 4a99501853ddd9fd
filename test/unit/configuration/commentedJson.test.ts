import { expect, it } from "vitest";
import { commentedJson } from "../../../extension/configuration/commentedJson";
import { parseJsonWithComments } from "../../../extension/configuration/jsonWithComments";

const config = {
  mode: "paired",
  network: { depth: 4, discriminator: { width: 32 } },
  data: { path: 'my "maps"\n, 2', cropSize: [8, 16, 16], split: { val: 0.1, test: 0.1 }, names: null },
  training: {},
};

it("a configuration has comments above its keys, and one line for each of them", () => {
  const comments: Record<string, string> = { mode: "How.", "data.cropSize": "Size." };
  expect(commentedJson(config, "Read.", (key) => comments[key])).toBe(`// Read.
{
  // How.
  "mode": "paired",
  "network": {
    "depth": 4,
    "discriminator": { "width": 32 }
  },
  "data": {
    "path": "my \\"maps\\"\\n, 2",
    // Size.
    "cropSize": [8, 16, 16],
    "split": { "val": 0.1, "test": 0.1 },
    "names": null
  },
  "training": {}
}
`);
});

it("and is read as it was", () => {
  const text = commentedJson(config, "Read.", (key) => `About ${key}.`);
  expect(parseJsonWithComments(text, "revgan.json")).toEqual(config);
});
