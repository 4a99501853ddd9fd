import { describe, expect, it } from "vitest";
import { memoryIsRefused } from "../../../extension/trainer/engines/loadNative";
import { temporaryFolder } from "../../support/images";

/** A /proc whose two files are as Linux writes them. */
function proc({ addresses, overcommit }: { addresses: string; overcommit: string }): string {
  return temporaryFolder({
    "self/limits": `Limit                     Soft Limit           Hard Limit           Units     \nMax address space         ${addresses.padEnd(21)}unlimited            bytes     \n`,
    "sys/vm/overcommit_memory": `${overcommit}\n`,
  });
}

describe("memory is refused", () => {
  it("where a process may have only so many addresses", () => {
    expect(memoryIsRefused(proc({ addresses: "3371001600", overcommit: "0" }))).toBe(true);
  });

  it("where the system counts what it promises", () => {
    expect(memoryIsRefused(proc({ addresses: "unlimited", overcommit: "2" }))).toBe(true);
  });

  it.each(["0", "1"])("nowhere else (overcommit_memory %s)", (overcommit) => {
    expect(memoryIsRefused(proc({ addresses: "unlimited", overcommit }))).toBe(false);
  });

  it("nowhere without such a folder", () => {
    expect(memoryIsRefused("/nowhere")).toBe(false);
  });
});
