import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../extension/configuration/config";
import { domainNames } from "../../../extension/configuration/domainNames";

const namesOf = (data: object): string => {
  const { a, b } = domainNames(parseConfig({ data }, ""));
  return `${a} → ${b}`;
};

describe("what people call A and B", () => {
  it.each([
    ["A → B", {}],
    ["A → B", { path: "maps" }],
    ["lr → hr", { path: "heads", folders: { a: "lr", b: "hr" } }],
    ["daisy → sunflower", { a: "/pictures/daisy", b: "sunflower/" }],
    ["daisy → sunflower", { a: "C:\\pictures\\daisy\\", b: "D:\\sunflower" }],
    ["cats → dogs", { a: "cats/images", b: "dogs/images" }],
    ["cats → dogs", { a: "cats/images/.", b: "../dogs/images" }],
    ["Katze → Hund", { a: "cats", b: "dogs", names: { a: "Katze", b: "Hund" } }],
    ["A → B", { a: "maps/trainA", b: "maps/trainB" }],
    ["A → B", { a: "maps/A", b: "maps/B" }],
    ["A → B", { path: "maps", folders: { a: "domain_a", b: "domain_b" } }],
    ["A → B", { a: "cats", b: "x".repeat(41) }],
    ["A → B", { a: "ca\nts", b: "dogs" }],
  ])("is %s for %j", (names, data) => expect(namesOf(data)).toBe(names));
});
