import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engineStatus } from "../../../extension/trainer/engines/engineStatus";
import { chooseEngine } from "../../../extension/trainer/engines/chooseEngine";
import { installNative } from "../../../extension/trainer/engines/install/installNative";
import { locateEngine } from "../../../extension/trainer/engines/installed";
import { loadNativeBinding } from "../../../extension/trainer/engines/loadNative";
import { removeNative } from "../../../extension/trainer/engines/install/removeNative";

const scratch = mkdtempSync(join(tmpdir(), "revgan-native-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Binding {
  TF_FLOAT: number;
  TF_ATTR_TYPE: number;
  createTensor(shape: number[], type: number, values: Float32Array): number;
  executeOp(name: string, attributes: object[], inputs: number[], outputs: number): { id: number; shape: number[] }[];
  tensorDataSync(id: number): Float32Array;
}

/** Loads the engine as the trainer does and adds two tensors; what it prints is asserted. */
const program = `
import { loadNativeBinding } from ${JSON.stringify(join(process.cwd(), "extension/trainer/engines/loadNative"))};
const { binding, version } = loadNativeBinding();
const b = binding as any;
const id = b.createTensor([3], b.TF_FLOAT, new Float32Array([1, 2, 3]));
const [sum] = b.executeOp("AddV2", [{ name: "T", type: b.TF_ATTR_TYPE, value: b.TF_FLOAT }], [id, id], 1);
console.log(version, Array.from(b.tensorDataSync(sum.id)).join());
`;

/** The true engine, from the true catalogue: fetched (274 MB) unless this user has it already. */
beforeAll(async () => {
  await installNative();
}, 600_000);

describe("the installed native engine", () => {
  it("computes in this process", () => {
    const { binding, version } = loadNativeBinding();
    const b = binding as Binding;
    const id = b.createTensor([2], b.TF_FLOAT, new Float32Array([1.5, -2]));
    const [sum] = b.executeOp("AddV2", [{ name: "T", type: b.TF_ATTR_TYPE, value: b.TF_FLOAT }], [id, id], 1);
    expect(Array.from(b.tensorDataSync(sum!.id))).toEqual([3, -4]);
    expect(version).toBe("TensorFlow 2.21.0");
  });

  it("is what auto takes", async () => {
    expect(await chooseEngine("auto")).toMatchObject({
      name: "native",
      device: expect.stringMatching(/^CPU \(\d+ cores\)$/) as string,
    });
    expect((await engineStatus())[2]).toMatchObject({ name: "native", available: true, version: "TensorFlow 2.21.0" });
  });

  it("is left alone by a second installation", async () => {
    expect(await installNative({ env: { ...process.env, REVGAN_PYPI: "http://127.0.0.1:1" } })).toMatchObject({
      alreadyInstalled: true,
      version: "2.21.0",
    });
  });
});

describe("the bundled loader", () => {
  const bundle = join(scratch, "load.cjs");
  beforeAll(() =>
    build({
      stdin: { contents: program, resolveDir: process.cwd(), loader: "ts" },
      bundle: true,
      platform: "node",
      format: "cjs",
      outfile: bundle,
      logLevel: "error",
    }),
  );

  function run(node: string): { stdout: string; stderr: string } {
    const { stdout, stderr } = spawnSync(node, [bundle], { encoding: "utf8" });
    return { stdout, stderr };
  }

  it("computes and leaves stderr to us", () => {
    expect(run(process.execPath)).toEqual({ stdout: "TensorFlow 2.21.0 2,4,6\n", stderr: "" });
  });

  it("computes under Node 24, on which VS Code runs", (context) => {
    const name = `node-${process.platform}-${process.arch}`;
    const folder = join(scratch, "node24");
    try {
      execFileSync("npm", ["install", "--prefix", folder, "--no-save", "--ignore-scripts", `${name}@24`], {
        stdio: "ignore",
        timeout: 120_000,
      });
    } catch {
      context.skip(`npm's ${name}@24 cannot be fetched here`);
    }
    expect(run(join(folder, "node_modules", name, "bin", "node"))).toEqual({
      stdout: "TensorFlow 2.21.0 2,4,6\n",
      stderr: "",
    });
  });
});

describe("installing without a network", () => {
  const env = { ...process.env, REVGAN_CACHE: join(scratch, "cache"), REVGAN_PYPI: "http://127.0.0.1:1" };

  it("makes an engine from a folder with TensorFlow, which then works and can be removed", async () => {
    const from = dirname(locateEngine("native")!.bindingPath);
    const phases: string[] = [];
    const engine = await installNative({ from, env, onProgress: ({ phase }) => phases.push(phase) });
    expect(engine).toMatchObject({ version: "2.21.0", alreadyInstalled: false });
    expect([...new Set(phases)]).toEqual(["unpack", "compile", "check"]);
    expect(readdirSync(join(env.REVGAN_CACHE, "engines"))).toEqual([
      `native-2.21.0-${process.platform}-${process.arch}`,
    ]);
    expect((await engineStatus(env))[2]).toMatchObject({ available: true });
    const removed = await removeNative(env);
    expect(removed.bytes).toBeGreaterThan(700e6);
    expect(existsSync(engine.bindingPath)).toBe(false);
  });
});
