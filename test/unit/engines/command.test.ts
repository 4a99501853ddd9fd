import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runEngineCommand, type CommandIo, type EngineCommand } from "../../../extension/trainer/engines/command";
import { InstallView, progressLine } from "../../../extension/trainer/engines/installView";
import { formatBytes } from "../../../extension/trainer/engines/formatBytes";
import { withoutGreetings } from "../../../extension/trainer/engines/quietStderr";
import { RateMeter } from "../../../extension/trainer/engines/progress";
import { scratchFolder } from "./scratch";

async function run(args: EngineCommand): Promise<{ code: number; out: string[]; err: string[] }> {
  const out: string[] = [];
  const err: string[] = [];
  const io: CommandIo = {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    signal: new AbortController().signal,
    isTTY: false,
  };
  return { code: await runEngineCommand(args, io), out, err };
}

describe("revgan engine", () => {
  const before = { ...process.env };
  beforeEach(() => {
    process.env["REVGAN_CACHE"] = scratchFolder();
    process.env["REVGAN_PYPI"] = "http://127.0.0.1:1";
  });
  afterEach(() => {
    process.env = { ...before };
  });

  it("prints a JSON line for each engine", async () => {
    const { code, out, err } = await run({ action: "status", json: true });
    expect(code).toBe(0);
    expect(out.map((line) => (JSON.parse(line) as { type: string; name: string }).name)).toEqual([
      "native-gpu",
      "native",
      "wasm",
    ]);
    expect(err).toEqual([]);
  });

  it("ends with 1 and one line of error when PyPI cannot be reached", async () => {
    const { code, out, err } = await run({ action: "install", json: true });
    expect(code).toBe(1);
    expect(JSON.parse(out.at(-1)!)).toMatchObject({
      type: "error",
      code: "download",
      message: expect.stringContaining("cannot be reached") as string,
    });
    expect(err).toHaveLength(1);
    expect(err[0]).not.toContain("\n");
  });

  it("ends with 2 for a --from that is not there", async () => {
    const { code, out, err } = await run({ action: "install", from: "/nowhere/x.whl", json: false });
    expect([code, out]).toEqual([2, []]);
    expect(err).toEqual(["revgan: /nowhere/x.whl does not exist: name a TensorFlow wheel or a folder with TensorFlow"]);
  });

  it("says that there is no GPU before it fetches the GPU engine", async () => {
    process.env["PATH"] = "/nowhere";
    process.env["CXX"] = `${process.execPath} -p`;
    const { code, err } = await run({ action: "install", gpu: true, json: false });
    expect(code).toBe(1);
    expect(err[0]).toBe(
      "no GPU was found: there is no nvidia-smi, which comes with NVIDIA's driver: the engine computes on the CPU until there is one",
    );
    expect(err.at(-1)).toContain("cannot be reached");
  });

  it("removes nothing without complaint", async () => {
    expect(await run({ action: "remove", json: false })).toEqual({ code: 0, out: ["No engine is installed"], err: [] });
    const { out } = await run({ action: "remove", json: true });
    expect(JSON.parse(out[0]!)).toMatchObject({ type: "engine", name: "native", available: false });
  });
});

describe("the progress of an installation", () => {
  const event = (bytes: number) => ({ phase: "download" as const, bytes, totalBytes: 200e6, bytesPerSecond: 25e6 });

  it("is one line with bytes and speed", () => {
    expect(progressLine(event(100e6), 10)).toBe(
      "Downloading TensorFlow  [#####-----]  100.0 MB of 200.0 MB  25.0 MB/s",
    );
  });

  it("is redrawn on a terminal", () => {
    let text = "";
    const view = new InstallView(
      true,
      (part) => (text += part),
      (line) => (text += `${line}\n`),
    );
    view.show(event(0));
    view.show(event(100e6));
    view.show({ phase: "compile", bytes: 0, totalBytes: 0, bytesPerSecond: 0 });
    view.close();
    expect(text.split("\r")).toHaveLength(4);
    expect(text.split("\n")).toHaveLength(3);
  });

  it("is a line now and then elsewhere", () => {
    let now = 0;
    const lines: string[] = [];
    const view = new InstallView(
      false,
      () => expect.unreachable(),
      (line) => lines.push(line),
      () => now,
    );
    for (const [at, bytes] of [
      [0, 0],
      [1000, 10e6],
      [11_000, 100e6],
      [12_000, 150e6],
    ] as const) {
      now = at;
      view.show(event(bytes));
    }
    expect(lines).toEqual(["Downloading TensorFlow (200.0 MB)", expect.stringContaining("100.0 MB of 200.0 MB")]);
  });

  it("tells the speed of the last seconds, and not of what an earlier run had", () => {
    let now = 0;
    const meter = new RateMeter(() => now, 3000);
    meter.mark(50e6);
    now = 1000;
    expect(meter.mark(60e6)).toBe(10e6);
  });
});

describe("the small things", () => {
  it("writes bytes for people", () => {
    expect([0, 999, 1000, 999_949, 999_950, 273_829_956, 4e15].map(formatBytes)).toEqual([
      "0 B",
      "999 B",
      "1.0 kB",
      "999.9 kB",
      "1.0 MB",
      "273.8 MB",
      "4.0 PB",
    ]);
  });

  it("drops TensorFlow's greetings and nothing else", () => {
    const greeting =
      "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\nI0000 00:00:1.2 3 port.cc:153] oneDNN custom operations are on. You may see\n";
    expect(withoutGreetings(greeting)).toBe("");
    expect(
      withoutGreetings(
        `${greeting}E0000 00:00:1.2 3 cuda_platform.cc:52] failed call to cuInit: INTERNAL: CUDA error: Failed call to cuInit: UNKNOWN ERROR (303)\n`,
      ),
    ).toBe("");
    expect(withoutGreetings(`${greeting}E0000 00:00:1.2 3 cuda.cc:1] no device\n`)).toBe(
      "E0000 00:00:1.2 3 cuda.cc:1] no device\n",
    );
  });
});
