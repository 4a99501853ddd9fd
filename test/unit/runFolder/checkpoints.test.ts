import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { cleanLeftovers } from "../../../extension/runFolder/checkpointFolders";
import { describeSkipped, latestWhole, writeCheckpoint } from "../../../extension/runFolder/checkpoints";
import { extent } from "../../support/full";
import { killHard, messageOf, namesIn, smallDisk, startChild, temporaryFolder } from "./support";

const filesOf = (text: string) =>
  new Map<string, string | Uint8Array | Uint8Array[]>([
    ["weights.safetensors", `weights ${text}`],
    ["optimizer.safetensors", [Buffer.from("optimizer "), Buffer.from(text)]],
    ["state.json", Buffer.from(`{ "text": "${text}" }\n`)],
  ]);

const write = (run: string, step: number, keep = 3, text = String(step)) =>
  writeCheckpoint(run, step, filesOf(text), { keep });
const checkpoints = (run: string) => namesIn(join(run, "checkpoints"));

describe("a checkpoint", () => {
  it("holds its files and their sums, which sha256sum agrees with", async () => {
    const run = temporaryFolder();
    const folder = await write(run, 500);
    expect(folder).toBe(join(run, "checkpoints", "000500"));
    expect(namesIn(folder)).toEqual(["SHA256SUMS", "optimizer.safetensors", "state.json", "weights.safetensors"]);
    expect(readFileSync(join(folder, "optimizer.safetensors"), "utf8")).toBe("optimizer 500");
    expect(execFileSync("sha256sum", ["--strict", "-c", "SHA256SUMS"], { cwd: folder, encoding: "utf8" })).toMatch(
      /^(.+: OK\n){3}$/,
    );
  });

  it("has equal bytes for equal files", async () => {
    const [one, other] = [temporaryFolder(), temporaryFolder()];
    const [a, b] = [await write(one, 1), await write(other, 1)];
    for (const name of namesIn(a)) expect(readFileSync(join(b, name)), name).toEqual(readFileSync(join(a, name)));
  });

  it("counts with six digits or more", async () => {
    const run = temporaryFolder();
    await write(run, 0);
    await write(run, 999_999);
    await write(run, 1_000_000);
    expect(checkpoints(run)).toEqual(["000000", "1000000", "999999"]);
    expect((await latestWhole(run)).checkpoint).toEqual({ step: 1_000_000, path: join(run, "checkpoints", "1000000") });
  });

  it("replaces one of the same step, damaged or not", async () => {
    const run = temporaryFolder();
    await write(run, 5, 3, "old");
    const folder = await write(run, 5, 3, "new");
    expect(readFileSync(join(folder, "weights.safetensors"), "utf8")).toBe("weights new");
    truncateSync(join(folder, "SHA256SUMS"));
    await write(run, 5, 3, "newer");
    expect((await latestWhole(run)).checkpoint?.step).toBe(5);
    expect(checkpoints(run)).toEqual(["000005"]);
  });
});

describe("keeping checkpoints", () => {
  it("keeps one more that is named, however old, and counts it as none of the newest", async () => {
    const run = temporaryFolder();
    for (const step of [1, 2, 3, 4, 5])
      await writeCheckpoint(run, step, filesOf(String(step)), { keep: 2, alsoKeep: 2 });
    expect(checkpoints(run)).toEqual(["000002", "000004", "000005"]);
    await writeCheckpoint(run, 6, filesOf("6"), { keep: 2, alsoKeep: 5 });
    expect(checkpoints(run)).toEqual(["000005", "000006"]);
    expect((await latestWhole(run)).checkpoint?.step).toBe(6);
  });

  it("keeps the newest", async () => {
    const run = temporaryFolder();
    for (const step of [1, 2, 3, 4, 5]) await write(run, step, 2);
    expect(checkpoints(run)).toEqual(["000004", "000005"]);
  });

  it("does not count damaged ones", async () => {
    const run = temporaryFolder();
    for (const step of [1, 2, 3]) await write(run, step, 3);
    writeFileSync(join(run, "checkpoints", "000003", "weights.safetensors"), "weights X");
    rmSync(join(run, "checkpoints", "000002", "state.json"));
    await write(run, 4, 2);
    expect(checkpoints(run)).toEqual(["000001", "000002", "000003", "000004"]);
    await write(run, 5, 2);
    expect(checkpoints(run)).toEqual(["000004", "000005"]);
  });

  it("never deletes the one just written, even if later ones exist", async () => {
    const run = temporaryFolder();
    for (const step of [10, 11]) await write(run, step, 2);
    await write(run, 3, 2);
    expect(checkpoints(run)).toEqual(["000003", "000010", "000011"]);
  });
});

describe("the latest whole checkpoint", () => {
  const damages: [string, string, (folder: string) => void][] = [
    [
      "a changed byte",
      "weights.safetensors does not match its SHA-256",
      (folder) => writeFileSync(join(folder, "weights.safetensors"), "weights 501"),
    ],
    [
      "a longer file",
      "state.json does not match its SHA-256",
      (folder) => appendFileSync(join(folder, "state.json"), " "),
    ],
    ["a missing file", "optimizer.safetensors is missing", (folder) => rmSync(join(folder, "optimizer.safetensors"))],
    ["missing sums", "it has no SHA256SUMS", (folder) => rmSync(join(folder, "SHA256SUMS"))],
    ["empty sums", "SHA256SUMS is damaged", (folder) => truncateSync(join(folder, "SHA256SUMS"))],
    ["torn sums", "SHA256SUMS is damaged", (folder) => truncateSync(join(folder, "SHA256SUMS"), 100)],
    [
      "sums that end after a line",
      "state.json is not in SHA256SUMS",
      (folder) => truncateSync(join(folder, "SHA256SUMS"), 64 + 2 + "optimizer.safetensors\n".length),
    ],
    [
      "sums of a file elsewhere",
      "SHA256SUMS is damaged",
      (folder) => appendFileSync(join(folder, "SHA256SUMS"), `${"0".repeat(64)}  ../../run.json\n`),
    ],
    [
      "a folder in place of a file",
      "state.json is no file",
      (folder) => {
        rmSync(join(folder, "state.json"));
        mkdirSync(join(folder, "state.json"));
      },
    ],
  ];

  it.each(damages)("is not one with %s", async (_what, why, damage) => {
    const run = temporaryFolder();
    await write(run, 400);
    damage(await write(run, 500));
    const { checkpoint, skipped } = await latestWhole(run);
    expect(checkpoint?.step).toBe(400);
    expect(skipped.map((one) => describeSkipped(one, checkpoint))).toEqual([
      `checkpoint 000500 is damaged (${why}); using 000400`,
    ]);
  });

  it("is not one with a bit of any file turned", { timeout: 120_000 }, async () => {
    const run = temporaryFolder();
    const folder = await write(run, 500);
    for (const name of namesIn(folder)) {
      const file = join(folder, name);
      const whole = readFileSync(file);
      // Seven and eight have no common factor: bits of every place in a byte.
      for (let bit = 0; bit < whole.length * 8; bit += extent(7, 1)) {
        const turned = Buffer.from(whole);
        turned[bit >> 3]! ^= 1 << (bit & 7);
        writeFileSync(file, turned);
        const { checkpoint, skipped } = await latestWhole(run);
        expect([checkpoint, skipped.length], `${name}, bit ${bit}`).toEqual([undefined, 1]);
      }
      writeFileSync(file, whole);
    }
    expect((await latestWhole(run)).skipped).toEqual([]);
  });

  it("may be none", async () => {
    const run = temporaryFolder();
    expect(await latestWhole(run)).toEqual({ checkpoint: undefined, skipped: [] });
    rmSync(join(await write(run, 1), "SHA256SUMS"));
    const { checkpoint, skipped } = await latestWhole(run);
    expect(checkpoint).toBeUndefined();
    expect(describeSkipped(skipped[0]!, checkpoint)).toBe(
      "checkpoint 000001 is damaged (it has no SHA256SUMS); there is no older one",
    );
  });

  it("is found among other names", async () => {
    const run = temporaryFolder();
    const folder = await write(run, 7);
    writeFileSync(join(folder, ".DS_Store"), "");
    for (const name of ["latest", "8", "0000009", ".000010.tmp-1"]) mkdirSync(join(run, "checkpoints", name));
    expect(await latestWhole(run)).toEqual({ checkpoint: { step: 7, path: folder }, skipped: [] });
  });
});

describe("a process that dies while it writes", () => {
  it("leaves nothing that stays", async () => {
    const run = temporaryFolder();
    await write(run, 1);
    mkdirSync(join(run, "checkpoints", ".000002.tmp-1"));
    writeFileSync(join(run, "checkpoints", ".000002.tmp-1", "weights.safetensors"), "half");
    await write(run, 2);
    expect(checkpoints(run)).toEqual(["000001", "000002"]);
  });

  it("does not lose the checkpoint that it was replacing", async () => {
    const run = temporaryFolder();
    const folder = await write(run, 2);
    renameSync(folder, join(run, "checkpoints", ".000002.old-1"));
    await cleanLeftovers(run);
    expect((await latestWhole(run)).checkpoint?.step).toBe(2);
    expect(checkpoints(run)).toEqual(["000002"]);
  });

  it.each(["rising", "same"])("by kill -9 leaves only whole checkpoints (%s steps)", async (order) => {
    const run = temporaryFolder();
    let highest = -1;
    for (let round = 0; round < 12; round++) {
      const child = await startChild("writeCheckpoints", [run, order]);
      await messageOf(child);
      await wait((round * 7) % 40);
      await killHard(child);
      await cleanLeftovers(run);
      const { checkpoint, skipped } = await latestWhole(run);
      expect(skipped).toEqual([]);
      expect(checkpoint!.step).toBeGreaterThanOrEqual(order === "same" ? 7 : highest + 1);
      highest = checkpoint!.step;
    }
    expect(checkpoints(run).length).toBeLessThanOrEqual(3);
  });
});

describe("a full disk", () => {
  it("leaves earlier checkpoints as they were and says what to do", async (context) => {
    const disk = smallDisk(256);
    if (disk === undefined) return context.skip("mounting is not permitted here; the test below covers the message");
    await write(disk, 1);
    const files = new Map([["weights.safetensors", new Uint8Array(1_000_000)]]);
    await expect(writeCheckpoint(disk, 2, files, { keep: 1 })).rejects.toMatchObject({
      code: "disk",
      message: `the disk is full while writing ${join(disk, "checkpoints", "000002")}`,
      remedy: `free some space, then go on with \`revgan resume ${disk}\``,
    });
    expect(checkpoints(disk)).toEqual(["000001"]);
    await write(disk, 2, 1);
    expect(checkpoints(disk)).toEqual(["000002"]);
  });

  it("is told the same way by a device that is always full", async () => {
    const run = temporaryFolder();
    await write(run, 1);
    const failure = writeCheckpoint(run, 1, filesOf("new"), { keep: 1, open: () => open("/dev/full", "w") });
    await expect(failure).rejects.toMatchObject({ code: "disk" });
    expect(readFileSync(join(run, "checkpoints", "000001", "weights.safetensors"), "utf8")).toBe("weights 1");
    expect(checkpoints(run)).toEqual(["000001"]);
  });
});
