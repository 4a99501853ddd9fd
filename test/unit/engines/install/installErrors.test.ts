import { describe, expect, it } from "vitest";
import type { RevganError } from "../../../../extension/protocol/errors";
import { asInstallDiskError } from "../../../../extension/trainer/engines/install/installErrors";
import { onPlatform } from "../../../support/platform";

const told = (code: string): string =>
  (asInstallDiskError(Object.assign(new Error(code), { code }), "engines/webgpu") as RevganError).message;

describe("on Windows a folder that cannot be replaced", () => {
  onPlatform("win32");

  it("may be one whose library a training has loaded", () => {
    for (const code of ["EPERM", "EACCES"])
      expect(told(code)).toBe(
        "cannot write engines/webgpu: you may not write there, or a training uses it: end it first",
      );
    expect(told("EBUSY")).toBe("cannot write engines/webgpu: a program uses it");
  });
});

it("elsewhere it is one where the user may not write", () => {
  expect(told("EPERM")).toBe("cannot write engines/webgpu: you may not write there");
});
