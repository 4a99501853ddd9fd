import { describe, expect, it } from "vitest";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GpuLost, throughGpuLosses } from "../../../extension/trainer/training/gpuLost";

const run = mkdtempSync(join(tmpdir(), "revgan-lost-"));
const lost = (checkpoint: { step: number } | null): GpuLost => new GpuLost(7, run, checkpoint, new Error("lost"));
const fails = (error: Error) => () => Promise.reject(error);

describe("a training whose GPU is lost", () => {
  it("goes on from its checkpoint, and says so", async () => {
    const warnings: string[] = [];
    const resumed: string[] = [];
    const end = await throughGpuLosses(
      fails(lost({ step: 5 })),
      (folder) => Promise.resolve(String(resumed.push(folder))),
      (text) => warnings.push(text),
    );
    expect([end, resumed]).toEqual(["1", [run]]);
    const text =
      "the GPU was lost in step 7: its driver was reset, or it was taken away; it is opened again, and the training goes on from step 5";
    expect(warnings).toEqual([text]);
    expect(readFileSync(join(run, "log.txt"), "utf8")).toContain(text);
  });

  it("ends with the loss where there is no checkpoint, and with any other error", async () => {
    const never = (): never => {
      throw new Error("resumed");
    };
    const silent = (): void => undefined;
    await expect(throughGpuLosses(fails(lost(null)), never, silent)).rejects.toMatchObject({ remedy: "train again" });
    await expect(throughGpuLosses(fails(new Error("other")), never, silent)).rejects.toThrow("other");
  });

  it("ends where it is lost twice in a minute, and goes on where that is longer ago", async () => {
    let time = 0;
    const within = (milliseconds: number): Promise<string> => {
      let losses = 0;
      const resume = (): Promise<string> => {
        time += milliseconds;
        return ++losses === 3 ? Promise.resolve("done") : Promise.reject(lost({ step: 5 }));
      };
      return throughGpuLosses(
        fails(lost({ step: 5 })),
        resume,
        () => undefined,
        () => time,
      );
    };
    await expect(within(59_000)).rejects.toThrow("for the second time in a minute");
    expect(await within(61_000)).toBe("done");
  });
});
