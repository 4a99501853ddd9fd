import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { probeBinding } from "../../../extension/trainer/engines/probe";
import { scratchFolder } from "./scratch";

/** A program in the binding's place: what matters is that a child meets it, and not this process. */
function program(text: string): string {
  const path = join(scratchFolder(), "binding.cjs");
  writeFileSync(path, text);
  return path;
}

const works = (product: string) =>
  `module.exports = { TF_Version: "9.9", isUsingGpuDevice: () => false, createTensor: () => 1, executeOp: () => [{ id: 2 }], tensorDataSync: () => [${product}] };`;

describe("probeBinding", () => {
  it("reports the version of a binding that computes right, whatever else it prints", async () => {
    expect(await probeBinding("native", program(`console.log("hello");${works("7,10,15,22")}`))).toMatchObject({
      works: true,
      version: "9.9",
      gpu: false,
    });
  });

  it.each([
    ["a wrong product", works("7,10,15,23"), "wrong numbers"],
    ["a crash", `process.kill(process.pid, "SIGSEGV"); for (;;);`, "crashed while loading (SIGSEGV)"],
    ["a processor without AVX", `process.kill(process.pid, "SIGILL"); for (;;);`, "AVX"],
    [
      "a library that is missing",
      `throw new Error("libtensorflow_cc.so.2: cannot open shared object file");`,
      "libtensorflow_cc.so.2: cannot open",
    ],
    ["a silent exit", "process.exit(0)", "does not load"],
  ])("survives %s", async (_what, text, reason) => {
    const probe = await probeBinding("native", program(text));
    expect(probe.works).toBe(false);
    expect(!probe.works && probe.reason).toContain(reason);
  });

  it("does not wait for a binding that hangs", async () => {
    const probe = await probeBinding("native", program("for (;;);"), { timeoutMs: 500 });
    expect(!probe.works && probe.reason).toBe("it did not answer within 0.5 s");
  });

  it("names a file that is no library", async () => {
    const path = join(scratchFolder(), "tfjs_binding.node");
    writeFileSync(path, "not ELF");
    const probe = await probeBinding("native", path);
    expect(!probe.works && probe.reason).toContain("does not load");
  });
});
