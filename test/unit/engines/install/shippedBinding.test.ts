import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { InstallSource } from "../../../../extension/trainer/engines/install/installSource";
import { installNative } from "../../../../extension/trainer/engines/install/installNative";
import {
  copyShippedBinding,
  shippedBindingFor,
  shippedBindings,
} from "../../../../extension/trainer/engines/install/shippedBinding";
import { libraryNames } from "../../../../extension/trainer/engines/install/wheelContents";
import { errorOf, scratchFolder, sha256, wheelMembers } from "../scratch";
import { smallZip } from "../../../support/smallZip";

const names = libraryNames(process.platform)[0]!;

/** A folder of bindings with one for this machine, which is none that loads. */
function bindingsFolder(): { bindings: string; folder: string } {
  const bindings = scratchFolder();
  const folder = join(bindings, `${process.platform}-${process.arch}`);
  mkdirSync(folder);
  const binding = Buffer.from("no machine code");
  writeFileSync(join(folder, "tfjs_binding.node"), binding);
  writeFileSync(join(folder, "SHA256SUMS"), `${sha256(binding)}  tfjs_binding.node\n`);
  return { bindings, folder };
}

describe("a binding that came with RevGAN", () => {
  it("is for TensorFlow's wheels, and not for libraries of other names", () => {
    const { bindings, folder } = bindingsFolder();
    expect(shippedBindingFor(names, bindings)).toBe(folder);
    expect(shippedBindingFor({ ...names, api: "libtensorflow.so.2" }, bindings)).toBeNull();
    expect(shippedBindingFor(names, scratchFolder())).toBeNull();
  });

  it("is not there in a checkout, where one is compiled", () => {
    expect(shippedBindingFor(names, shippedBindings)).toBeNull();
  });

  it("is copied as it is", async () => {
    const { folder } = bindingsFolder();
    const engine = scratchFolder();
    await copyShippedBinding(folder, engine);
    expect(readFileSync(join(engine, "tfjs_binding.node"), "utf8")).toBe("no machine code");
  });

  it.each([
    [
      "changed",
      (file: string) => writeFileSync(file, "other machine code"),
      "tfjs_binding.node does not match its SHA-256",
    ],
    ["lost", (file: string) => rmSync(file), "tfjs_binding.node is missing"],
  ])("is refused when it was %s", async (_what, spoil, why) => {
    const { folder } = bindingsFolder();
    spoil(join(folder, "tfjs_binding.node"));
    const error = await errorOf(copyShippedBinding(folder, scratchFolder()));
    expect(error.code).toBe("engine");
    expect(error.message).toBe(`the compiled binding in ${folder} is damaged: ${why}`);
    expect(error.remedy).toBe("install RevGAN again");
  });
});

it("needs no compiler for an installation, and says that the binding does not load", async () => {
  const wheel = join(scratchFolder(), "small.whl");
  writeFileSync(
    wheel,
    smallZip(
      wheelMembers.map((member) => ({
        ...member,
        name: member.name
          .replace("libtensorflow_cc.so.2", names.api)
          .replace("libtensorflow_framework.so.2", names.framework),
      })),
    ),
  );
  const source: InstallSource = { kind: "files", tensorflow: { path: wheel, wheel: null }, cuda: [], warning: null };
  const env = { PATH: "/nowhere", CXX: "/nowhere/g++", REVGAN_CACHE: scratchFolder() };
  const phases = new Set<string>();
  const error = await errorOf(
    installNative({ env, source, bindings: bindingsFolder().bindings, onProgress: ({ phase }) => phases.add(phase) }),
  );
  expect(error.message).toContain("TensorFlow does not load");
  expect([...phases]).toEqual(["unpack", "check"]);
});
