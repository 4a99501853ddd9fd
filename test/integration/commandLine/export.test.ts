import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { decodeSafetensors, encodeSafetensors } from "../../../extension/trainer/interop/safetensors";
import { expectDone, expectRefused, sharedFolder, train, unpairedData } from "../../support/commandLine";
import { writeTree } from "../../support/images";
import { revgan } from "../../support/programs";

const folder = sharedFolder();
const data = unpairedData(join(folder, "data"));

async function exported(run: string, name: string): Promise<string> {
  const out = join(folder, "exported", name);
  const ended = await revgan(["export", "--run", run, "--format", "pytorch", "--out", out]);
  expect(ended.code, ended.stderr).toBe(0);
  return out;
}

it("weights that were exported and given to --init come out the same", async () => {
  const run = join(folder, "first");
  expectDone(await train(data, run));
  const first = await exported(run, "first.safetensors");
  const again = join(folder, "again");
  expectDone(await train(data, again, { "training.maxSteps": 0 }, ["--init", first]));
  const second = await exported(again, "second.safetensors");
  expect(readFileSync(second)).toEqual(readFileSync(first));
});

it("--init refuses weights of another network, and a file that holds none", async () => {
  const run = join(folder, "other");
  expectDone(await train(data, run, { "training.maxSteps": 0 }));
  const weights = await exported(run, "other.safetensors");
  const begin = (file: string, values: Record<string, unknown> = {}): ReturnType<typeof train> =>
    train(data, join(folder, "never"), values, ["--init", file]);
  expectRefused(await begin(weights, { "network.width": 8 }), {
    exit: 2,
    code: "checkpoint",
    says: [weights, "this network takes"],
  });
  expectRefused(await begin(weights, { "network.depth": 2 }), {
    exit: 2,
    code: "checkpoint",
    says: [weights, "lacks the tensor G_core.model.1"],
  });
  const tensors = new Map(decodeSafetensors(readFileSync(weights), weights));
  const changed = (name: string, change: (copy: typeof tensors) => void): string => {
    const copy = new Map(tensors);
    change(copy);
    return join(writeTree(join(folder, "changed"), { [name]: Buffer.from(encodeSafetensors(copy)) }), name);
  };
  const more = changed("more.safetensors", (copy) => copy.set("G_C.weight", { shape: [1], data: new Float32Array(1) }));
  expectRefused(await begin(more), {
    exit: 2,
    code: "checkpoint",
    says: [more, "has a tensor G_C.weight that this network does not have"],
  });
  const less = changed("less.safetensors", (copy) => copy.delete("D_A.model.0.weight"));
  expectRefused(await begin(less), {
    exit: 2,
    code: "checkpoint",
    says: [less, "lacks the tensor D_A.model.0.weight"],
  });
  expect(existsSync(join(folder, "never"))).toBe(false);
  const broken = join(
    writeTree(join(folder, "files"), { "broken.safetensors": "not weights at all" }),
    "broken.safetensors",
  );
  expectRefused(await begin(broken), { exit: 2, code: "checkpoint", says: [broken] });
  expectRefused(await begin(join(folder, "missing.safetensors")), {
    exit: 2,
    code: "input",
    says: ["missing.safetensors"],
  });
});

it("--init leaves out the buffers of norms", async () => {
  const run = join(folder, "buffers");
  expectDone(await train(data, run, { "training.maxSteps": 0 }));
  const plain = await exported(run, "plain.safetensors");
  const tensors = new Map(decodeSafetensors(readFileSync(plain), plain));
  tensors.set("G_A_enc.model.2.running_mean", { shape: [4], data: new Float32Array(4) });
  const more = writeTree(folder, { "more.safetensors": Buffer.from(encodeSafetensors(tensors)) });
  expectDone(
    await train(data, join(folder, "with-buffers"), { "training.maxSteps": 0 }, [
      "--init",
      join(more, "more.safetensors"),
    ]),
  );
});
