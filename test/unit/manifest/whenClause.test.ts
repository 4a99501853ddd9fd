import { expect, it } from "vitest";
import { holds, keysOf } from "./whenClause";

it("conditions are read as VS Code reads them", () => {
  const context = { a: true, b: false, name: "x y.PNG", count: 0, "revgan.state": "paused" };
  const expected: Record<string, boolean> = {
    a: true,
    "!a": false,
    unset: false,
    "b || a && b": false,
    "a || b && b": true,
    "(a || b) && b": false,
    "!(a && b)": true,
    "count != 0": false,
    "unset != running": true,
    "revgan.state == paused": true,
    "name =~ /\\.(png|jpe?g)$/i": true,
    "unset =~ /./": false,
    "unset =~ /./ || a": true,
    false: false,
  };
  expect(Object.fromEntries(Object.keys(expected).map((when) => [when, holds(when, context)]))).toEqual(expected);
});

it("what is no condition is refused", () => {
  for (const when of ["a &&", "(a", "a b", "a =~ png"])
    expect(() => holds(when, { a: true }), when).toThrow(when.slice(-3));
});

it("keys are what stands before an operator, not the values", () => {
  expect(keysOf("!a && (view == revgan.runs || name =~ /b|c/) && true")).toEqual(["a", "view", "name"]);
});
