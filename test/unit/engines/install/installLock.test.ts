import { spawnSync } from "node:child_process";
import { existsSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { acquireInstallLock } from "../../../../extension/trainer/engines/install/installLock";
import { errorOf, scratchFolder } from "../scratch";

const lockPath = () => join(scratchFolder(), "engines", "install.lock");

function holder(path: string, content: object, ageMs = 0): void {
  writeFileSync(path, JSON.stringify({ startedAt: new Date().toISOString(), ...content }));
  const then = new Date(Date.now() - ageMs);
  utimesSync(path, then, then);
}

describe("acquireInstallLock", () => {
  it("lets one in and refuses the other, naming the process", async () => {
    const path = lockPath();
    const lock = await acquireInstallLock(path, { wait: false });
    const error = await errorOf(acquireInstallLock(path, { wait: false }));
    expect(error.code).toBe("locked");
    expect(error.message).toContain(`process ${process.pid}`);
    await lock.release();
    expect(existsSync(path)).toBe(false);
  });

  it("waits for the other, says so once, and then gets it", async () => {
    const path = lockPath();
    const first = await acquireInstallLock(path, { wait: false });
    const notices: string[] = [];
    const second = acquireInstallLock(path, { wait: true, pollMs: 10, onNotice: (text) => notices.push(text) });
    await delay(60);
    await first.release();
    await (await second).release();
    expect(notices).toEqual([`process ${process.pid} is installing an engine: waiting for it to finish`]);
  });

  it("takes over from a process that is gone", async () => {
    const path = join(scratchFolder(), "install.lock");
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    holder(path, { pid, host: hostname() });
    await (await acquireInstallLock(path, { wait: false })).release();
  });

  it("leaves a living installer on another host alone, and takes over from one that fell silent", async () => {
    const path = join(scratchFolder(), "install.lock");
    holder(path, { pid: 1, host: "another-host" });
    expect((await errorOf(acquireInstallLock(path, { wait: false }))).message).toContain("on another-host");
    holder(path, { pid: 1, host: "another-host" }, 120_000);
    await (await acquireInstallLock(path, { wait: false })).release();
  });

  it("takes over a torn lock once it is old", async () => {
    const path = join(scratchFolder(), "install.lock");
    writeFileSync(path, "");
    expect((await errorOf(acquireInstallLock(path, { wait: false }))).code).toBe("locked");
    const then = new Date(Date.now() - 60_000);
    utimesSync(path, then, then);
    await (await acquireInstallLock(path, { wait: false })).release();
  });

  it("stops waiting when told to", async () => {
    const path = lockPath();
    const lock = await acquireInstallLock(path, { wait: false });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 30);
    expect((await errorOf(acquireInstallLock(path, { wait: true, signal: stop.signal }))).code).toBe("interrupted");
    await lock.release();
  });

  it("never lets two of twelve in at once, from a stale lock on", async () => {
    const path = join(scratchFolder(), "install.lock");
    holder(path, { pid: spawnSync(process.execPath, ["-e", ""]).pid, host: hostname() });
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 12 }, async () => {
        const lock = await acquireInstallLock(path, { wait: true, pollMs: 1 });
        most = Math.max(most, ++inside);
        await delay(3);
        inside--;
        await lock.release();
      }),
    );
    expect(most).toBe(1);
  });
});
