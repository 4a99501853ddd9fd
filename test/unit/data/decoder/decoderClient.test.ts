import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import type { RevganError } from "../../../../extension/protocol/errors";
import { DecoderClient, type DecoderOptions } from "../../../../extension/trainer/data/decoder/decoderClient";
import { toSamples, type Picture } from "../../../../extension/trainer/data/picture";
import { noise, temporaryFolder, wholeImage } from "../../../support/images";

function client(options: DecoderOptions = {}): DecoderClient {
  const decoder = new DecoderClient(options);
  onTestFinished(() => decoder.close());
  return decoder;
}

/** A decoder that answers "inspect" for most files, crashes on some and never answers for others. */
function misbehaving(): string {
  return join(
    temporaryFolder({
      "decoder.cjs": `
        process.on("message", ({ id, task }) => {
          const file = task.file;
          if (file.includes("crash")) process.abort();
          if (file.includes("once") && !require("fs").existsSync(file)) { require("fs").writeFileSync(file, ""); process.kill(process.pid, "SIGKILL"); }
          if (file.includes("hang")) for (;;);
          process.send({ type: "done", id, result: { format: file } });
        });
        process.on("disconnect", () => process.exit());
        process.send({ type: "ready" });`,
    }),
    "decoder.cjs",
  );
}

const picture = (changes: Partial<Picture>): Picture => ({
  data: Float32Array.of(-1, 0, 1, -2, 2, NaN),
  height: 1,
  width: 2,
  channels: 3,
  bits: 8,
  alpha: null,
  ...changes,
});
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "none",
    (error: unknown) => (error as RevganError).code,
  );
const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe("the decoder process", () => {
  it("is started by the first request and gone after close", async () => {
    const root = temporaryFolder({ "x.png": noise(0, 3, 3) });
    const decoder = client();
    expect(decoder.pid).toBeUndefined();
    await decoder.inspect(join(root, "x.png"));
    const pid = decoder.pid!;
    expect(alive(pid)).toBe(true);
    decoder.close();
    for (let i = 0; i < 100 && alive(pid); i++) await sleep(20);
    expect(alive(pid)).toBe(false);
    expect(await codeOf(decoder.inspect(join(root, "x.png")))).toBe("interrupted");
  });

  it("answers the next request after it was killed while idle", async () => {
    const file = join(temporaryFolder({ "x.png": noise(0, 3, 3) }), "x.png");
    const decoder = client();
    const before = await decoder.inspect(file);
    const pid = decoder.pid!;
    process.kill(pid, "SIGKILL");
    expect(await decoder.inspect(file)).toEqual(before);
    expect(decoder.pid).not.toBe(pid);
  });

  it("loses no request when it is killed in the middle of many", async () => {
    const root = temporaryFolder(
      Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`${i}.png`, noise(i, 400, 400)])),
    );
    const decoder = client();
    await decoder.inspect(join(root, "0.png"));
    const all = Array.from({ length: 12 }, (_, i) => decoder.decode(wholeImage(join(root, `${i}.png`))));
    await all[2];
    process.kill(decoder.pid!, "SIGKILL");
    const pictures = await Promise.all(all);
    // Comparing by `toEqual` takes a second each.
    pictures.forEach(({ picture }, i) =>
      expect(Buffer.from(toSamples(picture.data, 8)).equals(Buffer.from(noise(i, 400, 400).samples))).toBe(true),
    );
  });

  it("names the file that kills it and goes on with the others", async () => {
    const decoder = client({ program: misbehaving() });
    const results = await Promise.allSettled(["a", "crash", "b"].map((file) => decoder.inspect(file)));
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect((results[1] as PromiseRejectedResult).reason).toMatchObject({
      code: "data",
      message: "crash could not be read: the decoder stopped on it",
    });
  });

  it("tries a file again when it died for once", async () => {
    const program = misbehaving();
    expect(await client({ program }).inspect(`${program}.once`)).toEqual({ format: `${program}.once` });
  });

  it("is killed over a file that takes too long, which is named", async () => {
    const decoder = client({ program: misbehaving(), timeLimit: 0.5, code: "input" });
    const [hang, after] = await Promise.allSettled([decoder.inspect("hang"), decoder.inspect("b")]);
    expect((hang as PromiseRejectedResult).reason).toMatchObject({
      code: "input",
      message: "hang took longer than 0.5 s: the decoder was stopped",
    });
    expect(after).toMatchObject({ status: "fulfilled" });
  });

  it("is not late when nobody could hear it: while the training computes", async () => {
    const file = join(temporaryFolder({ "x.png": noise(0, 700, 700) }), "x.png");
    const decoder = client({ timeLimit: 1 });
    await decoder.inspect(file);
    const picture = decoder.decode(wholeImage(file));
    // As terms of a deep network do: one turn of the event loop between them.
    for (let term = 0; term < 3; term++) {
      const end = performance.now() + 1500;
      while (performance.now() < end);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await picture).picture.height).toBe(700);
  });

  it("is at fault itself when it does not start", async () => {
    const program = join(temporaryFolder({ "broken.cjs": "throw new Error('no image library here')" }), "broken.cjs");
    const decoder = client({ program });
    for (const file of ["a", "b"])
      await expect(decoder.inspect(file)).rejects.toMatchObject({
        code: "internal",
        message: expect.stringContaining("no image library here") as string,
      });
    await expect(client({ program: "/nowhere/decoder.js" }).inspect("a")).rejects.toMatchObject({ code: "internal" });
  });

  it("drops requests that are aborted, waiting or under way, and serves the others", async () => {
    const root = temporaryFolder({ "x.png": noise(0, 300, 300) });
    const decoder = client();
    const stop = new AbortController();
    const aborted = [1, 2, 3].map(() => codeOf(decoder.inspect(join(root, "x.png"), stop.signal)));
    const other = decoder.inspect(join(root, "x.png"));
    stop.abort();
    expect(await Promise.all(aborted)).toEqual(["interrupted", "interrupted", "interrupted"]);
    expect(await other).toMatchObject({ height: 300 });
    expect(await codeOf(decoder.inspect(join(root, "x.png"), stop.signal))).toBe("interrupted");
  });

  it("fails what is under way when it is closed", async () => {
    const root = temporaryFolder({ "x.png": noise(0, 300, 300) });
    const decoder = client();
    const all = [1, 2].map(() => codeOf(decoder.inspect(join(root, "x.png"))));
    decoder.close();
    expect(await Promise.all(all)).toEqual(["interrupted", "interrupted"]);
  });
});

describe("writing", () => {
  it("rounds to the nearest value and cuts off what is outside", async () => {
    const file = join(temporaryFolder(), "new/folder/x.png");
    const decoder = client();
    await decoder.encode(picture({}), file);
    expect([...toSamples((await decoder.decode(wholeImage(file))).picture.data, 8)]).toEqual([0, 128, 255, 0, 255, 0]);
    expect([...toSamples(Float32Array.of(-1, 0, 0.99999, 1), 16)]).toEqual([0, 32768, 65535, 65535]);
  });

  it.each([
    [1, 8, false],
    [1, 8, true],
    [3, 8, false],
    [3, 8, true],
    [1, 16, false],
    [1, 16, true],
    [3, 16, false],
    [3, 16, true],
  ] as const)("brings back every value of %i channels of %i bits, alpha: %s", async (channels, bits, alpha) => {
    const root = temporaryFolder({ "in.png": noise(1, 21, 13, (channels + Number(alpha)) as 1 | 2 | 3 | 4, bits) });
    const decoder = client();
    const read = (await decoder.decode(wholeImage(join(root, "in.png"), { alpha: true }))).picture;
    await decoder.encode(read, join(root, "out.png"));
    expect((await decoder.decode(wholeImage(join(root, "out.png"), { alpha: true }))).picture).toEqual(read);
    expect(read.alpha === null).toBe(!alpha);
    expect(readFileSync(join(root, "out.png"))[24]).toBe(bits);
  });

  it("keeps an existing file unless told otherwise, and leaves no other files", async () => {
    const root = temporaryFolder({ "x.png": "precious" });
    const decoder = client();
    await expect(decoder.encode(picture({}), join(root, "x.png"))).rejects.toMatchObject({
      code: "input",
      message: `${join(root, "x.png")} exists already`,
    });
    expect(readFileSync(join(root, "x.png"), "utf8")).toBe("precious");
    await decoder.encode(picture({}), join(root, "x.png"), { overwrite: true });
    expect(await decoder.inspect(join(root, "x.png"))).toMatchObject({ width: 2 });
    expect(readdirSync(root)).toEqual(["x.png"]);
  });

  it("says when the disk refuses", async () => {
    const root = temporaryFolder();
    writeFileSync(join(root, "file"), "");
    await expect(client().encode(picture({}), join(root, "file/x.png"))).rejects.toMatchObject({
      code: "disk",
      message: expect.stringContaining(join(root, "file/x.png")) as string,
    });
    expect(existsSync(join(root, "file/x.png"))).toBe(false);
  });
});
