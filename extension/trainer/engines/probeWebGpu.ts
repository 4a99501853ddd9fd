import { deflateRawSync } from "node:zlib";
import type { Adapter } from "../kernels/webgpu/addon";
import { type SelfTest, selfTests } from "../kernels/webgpu/selfTest";
import type { LocatedWebGpu } from "./installedWebGpu";
import { webGpuEnvironment } from "./installedWebGpu";
import { runProcess } from "../../processes/runProcess";
import { adapterText, chooseAdapter, recognised } from "./webGpuAdapter";
import type { Lack, WantedGpu } from "./wantedGpu";

/**
 * What a child process that opened wgpu-native found: the GPUs, and whether the wanted one passes the tests of what a training computes.
 */
export type WebGpuProbe = { readonly adapters: readonly Adapter[] } & (
  { readonly works: true; readonly device: string } | ({ readonly works: false } & Lack)
);

/** Prints the adapters; or, given an adapter's index and tests, the fault that the first failed test names, else "". */
const script = `
const [, addon, library, index, tests] = process.argv;
const gpu = require(addon);
const adapters = gpu.adapters(library);
const answer = (value) => process.stdout.write("\\n" + JSON.stringify(value));
if (index === undefined) answer(adapters);
else {
  const commands = new Uint32Array(1024);
  const device = new gpu.Device(Number(index), commands);
  const number = (bits) => new Float32Array(Uint32Array.of(bits).buffer)[0];
  const isNear = (found, wanted, { tolerance, floor }) =>
    tolerance === 0
      ? found === wanted || (Number.isNaN(number(found)) && Number.isNaN(number(wanted)))
      : Math.abs(number(found) - number(wanted)) <= tolerance * Math.max(floor, Math.abs(number(wanted)));
  const run = ({ code, reads, writes, inputs, outputs, parameters, groups, expected }) => {
    const sources = inputs.map((bits) => {
      const buffer = device.createBuffer(16 * Math.ceil(bits.length / 4));
      device.write(buffer, Uint32Array.from(bits));
      return buffer;
    });
    const targets = outputs.map((count) => device.createBuffer(4 * count));
    const words = [device.createPipeline(code, reads, writes), groups, 1, 1, reads + writes, parameters.length, ...sources, ...targets, ...parameters];
    const results = [0, 1].map(() => {
      commands.set(words);
      device.submit(words.length);
      const values = new Float32Array(expected.length);
      device.read(Uint32Array.of(targets[0], 0, 4 * expected.length), values);
      return new Uint32Array(values.buffer);
    });
    return results;
  };
  const text = require("node:zlib").inflateRawSync(Buffer.from(tests, "base64")).toString();
  const failed = JSON.parse(text).find((test) => {
    const [first, second] = run(test);
    return test.expected.some((bits, i) => first[i] !== second[i] || !isNear(first[i], bits, test));
  });
  answer(failed === undefined ? "" : failed.fault);
}
`;

/**
 * Opens wgpu-native in a child process, so that a crash of a driver does not end this process, and tests the wanted GPU there.
 * @throws the AbortError of `signal`
 */
export async function probeWebGpu(
  located: Pick<LocatedWebGpu, "addon" | "library">,
  wanted: WantedGpu,
  signal?: AbortSignal,
  tests = selfTests(),
): Promise<WebGpuProbe> {
  const listed = await answerOf(located, [], signal);
  if ("failure" in listed) return { adapters: [], works: false, ...driverFailure(listed.failure) };
  const adapters = recognised(listed.value as Adapter[]);
  const chosen = chooseAdapter(adapters, wanted);
  if (!("index" in chosen)) return { adapters, works: false, ...chosen };
  const device = adapterText(adapters[chosen.index]!);
  const tested = await answerOf(located, [String(chosen.index), packed(tests)], signal);
  if ("failure" in tested) return { adapters, works: false, ...driverFailure(`${device}: ${tested.failure}`) };
  const fault = tested.value as string;
  if (fault === "") return { adapters, works: true, device };
  return {
    adapters,
    works: false,
    reason: `${device} ${fault}, so a training on it would be wrong`,
    remedy: "update its driver, or use another engine",
  };
}

/** Tests as a command-line argument, compressed because a command line of Windows has at most 32,767 characters. */
export function packed(tests: readonly SelfTest[]): string {
  return deflateRawSync(JSON.stringify(tests)).toString("base64");
}

function driverFailure(reason: string): Lack {
  const remedy = /Visual C\+\+ Redistributable/.test(reason)
    ? "install that from Microsoft, or use another engine"
    : "see whether the GPU's driver works, or use another engine";
  return { reason, remedy };
}

async function answerOf(
  { addon, library }: Pick<LocatedWebGpu, "addon" | "library">,
  args: readonly string[],
  signal: AbortSignal | undefined,
): Promise<{ readonly value: unknown } | { readonly failure: string }> {
  const env = webGpuEnvironment({ ...process.env, ELECTRON_RUN_AS_NODE: "1" });
  delete env["NODE_OPTIONS"];
  const end = await runProcess(process.execPath, ["-e", script, addon, library, ...args], {
    timeoutMs: 60_000,
    signal,
    env,
  });
  const line = end.stdout.slice(end.stdout.lastIndexOf("\n") + 1);
  if (end.code === 0 && /^["[]/.test(line)) return { value: JSON.parse(line) as unknown };
  if (end.timedOut) return { failure: "it did not answer within 60 s" };
  if (end.signal !== null) return { failure: `its driver crashed (${end.signal})` };
  return { failure: /^(?:\w*Error): (.+)$/m.exec(end.stderr)?.[1] ?? "it does not start" };
}
