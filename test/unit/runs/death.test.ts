import { describe, expect, it } from "vitest";
import { explainDeath } from "../../../extension/runs/death";

describe("a trainer that ended without saying why", () => {
  it.each([
    { code: null, signal: "SIGKILL", stderr: "" },
    { code: 137, signal: null, stderr: "" },
  ])("and was killed most likely had no memory left", (death) => {
    const { message, remedy } = explainDeath(death);
    expect(message).toBe("the trainer was killed by the system, most likely because memory ran out");
    expect(remedy).toContain("lower data.cropSize, training.batchSize or network.width");
    expect(remedy).toContain("resume from the checkpoint");
  });

  it.each([
    "terminate called after throwing an instance of 'std::bad_alloc'",
    "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
    "OOM when allocating tensor with shape[1,512,512,256]",
    "RuntimeError: ResourceExhausted",
    "mmap: Cannot allocate memory",
  ])("and spoke of memory had none left: %s", (stderr) => {
    const { message, remedy } = explainDeath({ code: 134, signal: "SIGABRT", stderr });
    expect(message).toBe(`the trainer ran out of memory: ${stderr}`);
    expect(remedy).toContain("lower data.cropSize");
  });

  it("is quoted with its last telling words, without the frames of a stack", () => {
    const stderr =
      "loading\nTypeError: x is not a function\n    at step (trainer.js:1:2)\n    at main (trainer.js:3:4)\n\nNode.js v20.20.2\n";
    expect(explainDeath({ code: 1, signal: null, stderr }).message).toBe(
      "the trainer ended with exit code 1: TypeError: x is not a function",
    );
  });

  it("is not quoted with what Node adds to its last words", () => {
    const stderr =
      "node:internal/modules/cjs/loader:1210\n  throw err;\n  ^\n\nError: Cannot find module './x'\nRequire stack:\n- /a/b.js\n    at f (c.js:1:2) {\n  code: 'MODULE_NOT_FOUND',\n  requireStack: [\n    '/a/b.js'\n  ]\n}\n\nNode.js v20.20.2\n";
    expect(explainDeath({ code: 1, signal: null, stderr }).message).toBe(
      "the trainer ended with exit code 1: Error: Cannot find module './x'",
    );
  });

  it("is not taken for short of memory because of a word", () => {
    expect(explainDeath({ code: 1, signal: null, stderr: "cannot read /data/Bedroom" }).message).toBe(
      "the trainer ended with exit code 1: cannot read /data/Bedroom",
    );
  });

  it("says how it ended when it said nothing", () => {
    expect(explainDeath({ code: 3, signal: null, stderr: "" }).message).toBe("the trainer ended with exit code 3");
    expect(explainDeath({ code: null, signal: "SIGSEGV", stderr: " \n" }).message).toBe(
      "the trainer ended by the signal SIGSEGV",
    );
    expect(explainDeath({ code: null, signal: null, stderr: "spawn ENOENT" }).message).toBe(
      "the trainer ended with exit code unknown: spawn ENOENT",
    );
  });

  it("is never quoted at length", () => {
    expect(explainDeath({ code: 1, signal: null, stderr: "x".repeat(8000) }).message.length).toBeLessThan(250);
  });
});
