import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { appendLog } from "../../../extension/runFolder/runLog";
import { temporaryFolder } from "./support";

const now = new Date("2026-01-02T03:04:05.678Z");

describe("log.txt", () => {
  it("gets one line a message, with the time", async () => {
    const run = temporaryFolder();
    await appendLog(run, "started", now);
    await appendLog(run, "failed:\n  reason", now);
    expect(readFileSync(join(run, "log.txt"), "utf8")).toBe(
      "2026-01-02T03:04:05.678Z started\n2026-01-02T03:04:05.678Z failed: | reason\n",
    );
  });
});
