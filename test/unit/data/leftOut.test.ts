import { describe, expect, it } from "vitest";
import { LeftOut } from "../../../extension/trainer/data/leftOut";

const problem = (file: string) => ({ file, reason: "is not an image", remedy: "remove it" });

/** Records when it is told to. */
function slowRecord(): {
  readonly record: (each: { file: string }) => Promise<void>;
  readonly files: string[];
  readonly go: () => void;
} {
  const files: string[] = [];
  let go = (): void => undefined;
  const gate = new Promise<void>((resolve) => (go = resolve));
  const record = async ({ file }: { file: string }): Promise<void> => {
    await gate;
    files.push(file);
  };
  return { record, files, go };
}

describe("files that are left out", () => {
  it("are recorded once, though two find them at a time, and count when that is done", async () => {
    const warnings: string[] = [];
    const leftOut = new LeftOut((text) => warnings.push(text));
    const { record, files, go } = slowRecord();
    await leftOut.recordWith(record);
    const both = [leftOut.add(problem("/a.png")), leftOut.add(problem("/a.png"))];
    expect(leftOut.has("/a.png")).toBe(false);
    go();
    await Promise.all(both);
    await leftOut.add(problem("/a.png"));
    expect(leftOut.has("/a.png")).toBe(true);
    expect(files).toEqual(["/a.png"]);
    expect(warnings).toEqual(["without /a.png: it is not an image"]);
  });

  it("are recorded all, when some are found before there is a run, and others while these are written", async () => {
    const leftOut = new LeftOut();
    await leftOut.add(problem("/before.png"));
    const { record, files, go } = slowRecord();
    const recorded = leftOut.recordWith(record);
    const meanwhile = leftOut.add(problem("/meanwhile.png"));
    go();
    await Promise.all([recorded, meanwhile]);
    expect(files.sort()).toEqual(["/before.png", "/meanwhile.png"]);
  });

  it("may be tried again where recording failed", async () => {
    const leftOut = new LeftOut();
    let isFull = true;
    await leftOut.recordWith(() => (isFull ? Promise.reject(new Error("the disk is full")) : Promise.resolve()));
    await expect(leftOut.add(problem("/a.png"))).rejects.toThrow("the disk is full");
    expect(leftOut.has("/a.png")).toBe(false);
    isFull = false;
    await leftOut.add(problem("/a.png"));
    expect(leftOut.has("/a.png")).toBe(true);
  });
});
