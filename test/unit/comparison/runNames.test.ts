import { expect, it } from "vitest";
import { runNames } from "../../../extension/comparison/runNames";

it.each([
  [
    ["/a/maps", "/a/facades"],
    ["maps", "facades"],
  ],
  [
    ["/a/one/maps", "/a/two/maps", "/a/one/facades"],
    ["one/maps", "two/maps", "facades"],
  ],
  [
    ["/maps", "/a/maps"],
    ["maps", "a/maps"],
  ],
  [
    ["C:\\runs\\x", "D:\\runs\\x"],
    ["C:/runs/x", "D:/runs/x"],
  ],
  [["/maps"], ["maps"]],
  [[], []],
])("%j are called %j", (folders, names) => expect(runNames(folders)).toEqual(names));
