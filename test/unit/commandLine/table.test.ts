import { expect, it } from "vitest";
import { tableLines } from "../../../extension/trainer/commandLine/table";

const rows = [
  ["NAME", "COUNT", "NOTE"],
  ["a long name", "7", ""],
  ["b", "1,000,000", "x"],
];

it("words begin and numbers end in one place, and no line ends with spaces", () => {
  expect(tableLines(rows, [{ align: "left" }, { align: "right" }, { align: "left" }])).toEqual([
    "NAME             COUNT  NOTE",
    "a long name          7",
    "b            1,000,000  x",
  ]);
});

it("the last style is that of all further columns, a column has its least width, and the gap is as told", () => {
  expect(tableLines(rows, [{ align: "left", least: 13 }, { align: "right" }], " ")).toEqual([
    "NAME              COUNT NOTE",
    "a long name           7",
    "b             1,000,000    x",
  ]);
});

it("a row may have fewer cells", () => {
  expect(tableLines([["a", "b"], ["long"]], [{ align: "left" }])).toEqual(["a     b", "long"]);
  expect(tableLines([], [{ align: "left" }])).toEqual([]);
});
