import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../extension/configuration/config";
import { domainNames, namesToWrite } from "../../../extension/configuration/domainNames";

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

describe("the names that a configuration of two folders has to say", () => {
  const long = "n".repeat(60);
  it.each([
    ["none where the folders' do", ["/w/daisy", "/w/sunflower"], ["daisy", "sunflower"], null],
    ["none where these say nothing", ["/w/maps/trainA", "/w/maps/trainB"], ["maps/trainA", "maps/trainB"], null],
    ["the folder's, of which a relative path has nothing", ["/w", "/w/b/ink"], [".", "b/ink"], { a: "w", b: "ink" }],
    ["a short form of a long one", [`/w/${long}`, "/w/b c"], [long, "b c"], { a: `${"n".repeat(39)}…`, b: "b c" }],
    ["different ones for such as only look alike", ["/w/Cat", "/w/cat"], ["Cat", "cat"], { a: "Cat A", b: "cat B" }],
    ["those of folders that differ further up", ["/w/x/i", "/w/y/i"], ["x/i", "y/i"], null],
  ] as const)("are %s", (_, [a, b], [ofA, ofB], names) => {
    const written = { a: ofA, b: ofB };
    expect(namesToWrite({ a, b }, written)).toEqual(names);
    expect(() => parseConfig({ data: { ...written, names } }, "")).not.toThrow();
  });
});
