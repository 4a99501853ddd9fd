import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RevganError } from "../../../extension/protocol/errors";
import { parseArguments } from "../../../extension/trainer/commandLine/arguments";
import { engine } from "../../../extension/trainer/commandLine/engine";
import { InstallView, progressLine } from "../../../extension/trainer/commandLine/installView";
import { Output } from "../../../extension/trainer/commandLine/output";
import { formatBytes } from "../../../extension/trainer/formatBytes";
import { withoutGreetings } from "../../../extension/trainer/engines/loadNative";
import { RateMeter } from "../../../extension/trainer/engines/install/progress";
import { scratchFolder } from "../engines/scratch";

/** An output, and what was written to each of its streams. */
function written({ json = false, isTTY = false } = {}): { output: Output; out: () => string; err: () => string } {
  const [stdout, stderr] = [new PassThrough(), Object.assign(new PassThrough(), { isTTY })];
  const textOf = (stream: PassThrough): string => ((stream.read() as Buffer | null) ?? "").toString();
  return {
    output: new Output(json, false, { stdout, stderr }),
    out: () => textOf(stdout),
    err: () => textOf(stderr),
  };
}

const linesOf = (text: string): string[] => text.split("\n").slice(0, -1);

async function run(words: readonly string[]): Promise<{ end: number | RevganError; out: string[]; err: string[] }> {
  const { output, out, err } = written({ json: words.includes("--json") });
  const given = parseArguments("engine", words, engine.options);
  const end = await engine
    .run(given, { output, signal: new AbortController().signal })
    .catch((error: unknown) => error as RevganError);
  return { end, out: linesOf(out()), err: linesOf(err()) };
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
    const { end, out, err } = await run(["status", "--json"]);
    expect(end).toBe(0);
    expect(out.map((line) => (JSON.parse(line) as { type: string; name: string }).name)).toEqual([
      "native-gpu",
      "webgpu",
      "native",
      "wasm",
      "mpi",
    ]);
    expect(err).toEqual([]);
  });

  it("fails when PyPI cannot be reached", async () => {
    const { end, err } = await run(["install", "--json"]);
    expect(end).toMatchObject({
      code: "download",
      exitCode: 1,
      message: expect.stringContaining("cannot be reached") as string,
    });
    expect(err).toEqual([]);
  });

  it("fails for a --from that is not there", async () => {
    const { end, out, err } = await run(["install", "--from", "/nowhere/x.whl"]);
    expect([out, err]).toEqual([[], []]);
    expect(end).toMatchObject({
      exitCode: 2,
      message: "/nowhere/x.whl does not exist",
      remedy: "name a TensorFlow wheel or a folder with TensorFlow",
    });
  });

  it("says that there is no GPU before it fetches the GPU engine", async () => {
    process.env["PATH"] = "/nowhere";
    process.env["CXX"] = `${process.execPath} -p`;
    const { end, err } = await run(["install", "--gpu"]);
    expect(err[0]).toBe(
      "no GPU was found: there is no nvidia-smi, which comes with NVIDIA's driver: the engine computes on the CPU until there is one",
    );
    expect(end).toMatchObject({ exitCode: 1, message: expect.stringContaining("cannot be reached") as string });
  });

  it("removes nothing without complaint", async () => {
    expect(await run(["remove"])).toEqual({ end: 0, out: ["No engine is installed"], err: [] });
    const { out } = await run(["remove", "--json"]);
    expect(JSON.parse(out[0]!)).toMatchObject({ type: "engine", name: "native", available: false });
  });
});

describe("the progress of an installation", () => {
  const event = (bytes: number) => ({ phase: "download" as const, bytes, totalBytes: 200e6, bytesPerSecond: 25e6 });

  it("is one line with bytes and speed", () => {
    expect(progressLine(event(100e6), 10)).toBe("Downloading  [#####-----]  100.0 MB of 200.0 MB  25.0 MB/s");
  });

  it("is redrawn on a terminal", () => {
    const { output, err } = written({ isTTY: true });
    const view = new InstallView(output);
    view.show(event(0));
    view.show(event(100e6));
    view.show({ phase: "compile", bytes: 0, totalBytes: 0, bytesPerSecond: 0 });
    output.keepProgress();
    const text = err();
    expect(text.split("\r")).toHaveLength(4);
    expect(text.split("\n")).toHaveLength(3);
  });

  it("is a line now and then elsewhere", () => {
    let now = 0;
    const { output, err } = written();
    const view = new InstallView(output, () => now);
    for (const [at, bytes] of [
      [0, 0],
      [1000, 10e6],
      [11_000, 100e6],
      [12_000, 150e6],
    ] as const) {
      now = at;
      view.show(event(bytes));
    }
    expect(linesOf(err())).toEqual(["Downloading (200.0 MB)", expect.stringContaining("100.0 MB of 200.0 MB")]);
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
