import { describe, expect, it } from "vitest";
import { explainEnd } from "../../../extension/processes/processEnd";

describe("a process that ended without saying why", () => {
  it.each([
    { code: null, signal: "SIGKILL", stderr: "" },
    { code: 137, signal: null, stderr: "" },
  ] as const)("and was killed most likely had no memory left", (end) => {
    expect(explainEnd(end)).toEqual({
      words: "was killed by the system, most likely because memory ran out",
      outOfMemory: true,
    });
  });

  it.each([
    "terminate called after throwing an instance of 'std::bad_alloc'",
    "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
    "OOM when allocating tensor with shape[1,512,512,256]",
    "RuntimeError: ResourceExhausted",
    "mmap: Cannot allocate memory",
  ])("and spoke of memory had none left: %s", (stderr) => {
    expect(explainEnd({ code: 134, signal: "SIGABRT", stderr })).toEqual({
      words: `ran out of memory: ${stderr}`,
      outOfMemory: true,
    });
  });

  it.each([
    [0xc0000005, "crashed (access violation)", false],
    [0xc000012d, "ran out of memory", true],
    [0xc0000135, "did not start, because a DLL is missing", false],
  ])("is told in words where Windows has a number for it: %i", (code, words, outOfMemory) => {
    expect(explainEnd({ code, signal: null, stderr: "" })).toEqual({ words, outOfMemory });
  });

  it("is quoted with its last telling words, without the frames of a stack", () => {
    const stderr =
      "loading\nTypeError: x is not a function\n    at step (trainer.js:1:2)\n    at main (trainer.js:3:4)\n\nNode.js v20.20.2\n";
    expect(explainEnd({ code: 1, signal: null, stderr }).words).toBe(
      "ended with exit code 1: TypeError: x is not a function",
    );
  });

  it("is not quoted with what Node adds to its last words", () => {
    const stderr =
      "node:internal/modules/cjs/loader:1210\n  throw err;\n  ^\n\nError: Cannot find module './x'\nRequire stack:\n- /a/b.js\n    at f (c.js:1:2) {\n  code: 'MODULE_NOT_FOUND',\n  requireStack: [\n    '/a/b.js'\n  ]\n}\n\nNode.js v20.20.2\n";
    expect(explainEnd({ code: 1, signal: null, stderr }).words).toBe(
      "ended with exit code 1: Error: Cannot find module './x'",
    );
  });

  it("is quoted with the line that names an uncaught error, which a message of several lines follows", () => {
    const stderr =
      "/a/sharp.js:1\n  throw new Error(help.join());\n  ^\n\nError: Could not load the image library\nPossible solutions:\n- Install it:\n    npm install sharp\n    at f (c.js:1:2)\n\nNode.js v20.20.2\n";
    expect(explainEnd({ code: 1, signal: null, stderr }).words).toBe(
      "ended with exit code 1: Error: Could not load the image library",
    );
  });

  it("is not quoted with an error that it told of and survived", () => {
    const stderr = "Error: no such GPU\nusing the processor\nno room on the disk\n";
    expect(explainEnd({ code: 1, signal: null, stderr }).words).toBe("ended with exit code 1: no room on the disk");
  });

  it("is not taken for short of memory because of a word", () => {
    expect(explainEnd({ code: 1, signal: null, stderr: "cannot read /data/Bedroom" })).toEqual({
      words: "ended with exit code 1: cannot read /data/Bedroom",
      outOfMemory: false,
    });
  });

  it("says how it ended when it said nothing", () => {
    expect(explainEnd({ code: 3, signal: null, stderr: "" }).words).toBe("ended with exit code 3");
    expect(explainEnd({ code: null, signal: "SIGSEGV", stderr: " \n" }).words).toBe("ended by the signal SIGSEGV");
    expect(explainEnd({ code: null, signal: null, stderr: "spawn ENOENT" }).words).toBe(
      "ended with exit code unknown: spawn ENOENT",
    );
  });

  it("is never quoted at length", () => {
    expect(explainEnd({ code: 1, signal: null, stderr: "x".repeat(8000) }).words.length).toBeLessThan(250);
  });
});
