import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { bundlePath } from "../../../extension/processes/bundlePath";
import { explainEnd } from "../../../extension/processes/processEnd";
import { type ForkOptions, Subprocess } from "../../../extension/processes/subprocess";
import { onPlatform } from "../../support/platform";

const folder = mkdtempSync(join(tmpdir(), "revgan-processes-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let number = 0;

interface Started {
  readonly child: Subprocess;
  readonly lines: string[];
  readonly messages: unknown[];
  /** Settles with the first message. */
  readonly told: Promise<unknown>;
}

/** Starts a program that does what `source` says. */
function start(source: string, options: Partial<ForkOptions> = {}): Started {
  const program = join(folder, `${++number}.cjs`);
  writeFileSync(program, source);
  const [lines, messages]: [string[], unknown[]] = [[], []];
  let tell: (message: unknown) => void = () => undefined;
  const told = new Promise((resolve) => (tell = resolve));
  const child = Subprocess.fork({
    name: "the program",
    program,
    onLine: (line, stream) => lines.push(`${stream}: ${line}`),
    onMessage: (message) => {
      messages.push(message);
      tell(message);
    },
    ...options,
  });
  onTestFinished(() => child.kill());
  return { child, lines, messages, told };
}

/** Whether there is such a process that has not ended; one whose end nobody has taken note of has. */
function isRunning(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return stdout !== "" && !stdout.startsWith("Z");
}

async function gone(pid: number): Promise<void> {
  while (isRunning(pid)) await sleep(10);
}

const deaf = `process.on("SIGTERM", () => process.send("asked")); setInterval(() => {}, 1000); process.send("ready");`;

describe("a child process", () => {
  it("ends with its exit code once all of its output was heard, also a last line without an end", async () => {
    const { child, lines } = start(
      `console.log("one"); console.error("two"); process.stdout.write("three"); process.exitCode = 3;`,
    );
    expect(await child.gone).toEqual({ code: 3, signal: null, stderr: "two\n" });
    expect([...lines].sort()).toEqual(["stderr: two", "stdout: one", "stdout: three"]);
  });

  it("takes and gives messages with typed arrays", async () => {
    const { child, told } = start(`process.once("message", (m) => process.send({ twice: m.data.map((v) => 2 * v) }));`);
    child.send({ data: Float32Array.of(1, 2) });
    expect(await told).toEqual({ twice: Float32Array.of(2, 4) });
    child.disconnect();
    expect(await child.gone).toMatchObject({ code: 0 });
    child.send({ late: true });
  });

  it("gets its words as they are and not the flags of this process", async () => {
    const { told } = start(`process.send([process.argv.slice(2), process.execArgv]);`, { args: ["a b", "$(x)"] });
    expect(await told).toEqual([["a b", "$(x)"], []]);
  });

  it("tells of its heart", async () => {
    let beats = 0;
    const { child } = start(`require("fs").writeSync(4, ".");`, { onBeat: () => beats++ });
    await child.gone;
    expect(beats).toBe(1);
  });

  it("that floods stderr is heard to its end, and the last of it is kept", async () => {
    const { child } = start(
      `const line = "x".repeat(99) + "\\n"; for (let i = 0; i < 100_000; i++) require("fs").writeSync(2, line); require("fs").writeSync(2, "the reason\\n"); process.exit(1);`,
      { onLine: () => undefined },
    );
    const end = await child.gone;
    expect(end.stderr).toHaveLength(16 * 1024);
    expect(explainEnd(end).words).toBe("ended with exit code 1: the reason");
  });

  it("that is not there is told of by Node, whose words explain its end", async () => {
    const child = Subprocess.fork({ name: "the program", program: join(folder, "missing.cjs") });
    expect(explainEnd(await child.gone).words).toMatch(/^ended with exit code 1: Error: Cannot find module .*missing/);
  });

  it("that cannot be made is an error that names it", async () => {
    const message = /^the tool .* does not start: spawn .*ENOENT$/;
    const missing = Subprocess.spawn({ name: "the tool", program: join(folder, "missing") });
    await expect(missing.gone).rejects.toMatchObject({
      code: "internal",
      message: expect.stringMatching(message) as string,
    });
    expect(missing.pid).toBeUndefined();
    // Nothing to be ended.
    missing.end({ killAfter: 0 });
    const nowhere = Subprocess.fork({ name: "the tool", program: "x", cwd: join(folder, "nowhere") });
    await expect(nowhere.gone).rejects.toMatchObject({ message: expect.stringMatching(message) as string });
  });

  it("that the system will not even try to make is an error, too", async () => {
    const child = Subprocess.spawn({ name: "the tool", program: "x\0y" });
    await expect(child.gone).rejects.toMatchObject({
      code: "internal",
      message: expect.stringContaining("x\0y") as string,
    });
  });

  it("that dies by a signal has its name", async () => {
    const { child } = start(`process.kill(process.pid, "SIGSEGV"); setInterval(() => {}, 1000);`);
    const end = await child.gone;
    expect(end).toMatchObject({ code: null, signal: "SIGSEGV" });
    expect(explainEnd(end)).toEqual({ words: "ended by the signal SIGSEGV", outOfMemory: false });
  });

  it("is gone although a process that it started holds on to its output", async () => {
    const pipesBefore = process.getActiveResourcesInfo().filter((name) => name === "PipeWrap");
    const { child, told } = start(
      `const { pid } = require("child_process").spawn("sleep", ["60"], { stdio: "inherit", detached: true }); process.send(pid, () => process.exit(5));`,
    );
    const pid = (await told) as number;
    onTestFinished(() => void process.kill(pid, "SIGKILL"));
    expect(await child.gone).toMatchObject({ code: 5 });
    expect(isRunning(pid)).toBe(true);
    // What is left of its output keeps this process no longer alive than nothing.
    await new Promise(setImmediate);
    expect(process.getActiveResourcesInfo().filter((name) => name === "PipeWrap")).toEqual(pipesBefore);
  });
});

describe("a process that is to end", () => {
  it("is asked, and ends in its own way", async () => {
    const { child, told } = start(
      `process.on("SIGINT", () => process.exit(7)); setInterval(() => {}, 1000); process.send("ready");`,
    );
    await told;
    child.end({ signal: "SIGINT", killAfter: 60 });
    expect(await child.gone).toMatchObject({ code: 7 });
  });

  it("is killed when it does not hear, after it was asked", async () => {
    const { child, told, messages } = start(deaf);
    await told;
    child.end({ killAfter: 0.5 });
    expect(await child.gone).toMatchObject({ code: null, signal: "SIGKILL" });
    expect(messages).toEqual(["ready", "asked"]);
  });

  it("is asked no earlier than it is to be, and a later call sets other deadlines", async () => {
    const { child, told, messages } = start(deaf);
    await told;
    child.end({ askAfter: 60, killAfter: 61 });
    await sleep(300);
    expect(messages).toEqual(["ready"]);
    child.end({ askAfter: 0.01, killAfter: 0.5 });
    expect(await child.gone).toMatchObject({ signal: "SIGKILL" });
    expect(messages).toEqual(["ready", "asked"]);
  });

  it("is killed with all that it started when it leads a group", async () => {
    const source = `const { pid } = require("child_process").spawn("sleep", ["60"]); process.send(pid); setInterval(() => {}, 1000);`;
    const { child, told } = start(source, { ownGroup: true });
    const pid = (await told) as number;
    expect(isRunning(pid)).toBe(true);
    child.kill();
    expect(await child.gone).toMatchObject({ signal: "SIGKILL" });
    await gone(pid);
    // Its number is another's now.
    child.kill();
  });
});

describe("on Windows, where a signal ends a process at once", () => {
  onPlatform("win32");
  const saves = `process.once("disconnect", () => { console.log("saved"); process.exit(7); }); setInterval(() => {}, 1000); process.send("ready");`;

  it("one of our bundles is asked by closing its channel, and saves its work", async () => {
    const { child, told, lines } = start(saves);
    await told;
    child.end({ signal: "SIGINT", killAfter: 60 });
    expect(await child.gone).toMatchObject({ code: 7, signal: null });
    expect(lines).toEqual(["stdout: saved"]);
  });

  it("one that does not hear is killed, and leads no group", async () => {
    const { child, told, messages } = start(deaf, { ownGroup: true });
    await told;
    child.end({ killAfter: 0.3 });
    expect(await child.gone).toMatchObject({ signal: "SIGKILL" });
    expect(messages).toEqual(["ready"]);
  });
});

describe("what the build makes", () => {
  it("is found in dist/ from source", () => {
    expect(bundlePath("cli.js")).toBe(join(import.meta.dirname, "..", "..", "..", "dist", "cli.js"));
  });
});
