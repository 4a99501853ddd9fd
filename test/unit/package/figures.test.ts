import { expect, it } from "vitest";
import { overLimit } from "../../../packaging/figures";

it("lets a package pass whose figures are below their limits", () => {
  expect(
    overLimit([
      { what: "package", bytes: 12e6, limit: null },
      { what: "host bundle", bytes: 249_999, limit: 250_000 },
    ]),
  ).toBeNull();
});

it("stops at a figure that has reached its limit and says by how much", () => {
  const error = overLimit([
    { what: "package", bytes: 12e6, limit: null },
    { what: "host bundle", bytes: 250_000, limit: 250_000 },
    { what: "webview bundle", bytes: 7e5, limit: 6e5 },
  ]);
  expect(error?.message).toBe("the host bundle has 250.0 kB, and must stay under 250.0 kB");
  expect(error?.exitCode).toBe(1);
});
