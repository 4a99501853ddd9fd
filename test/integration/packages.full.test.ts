import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openPromise } from "yauzl";
import { buildFor } from "../../extension/trainer/engines/install/catalogue";
import { targets } from "../../packaging/targets";

const scratch = mkdtempSync(join(tmpdir(), "revgan-packages-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const nativeAddons = ["operations.node", "quietStderr.node", "tfjs_binding.node"];

async function namesIn(vsix: string): Promise<string[]> {
  const zip = await openPromise(vsix, { lazyEntries: true, autoClose: false });
  const names: string[] = [];
  for await (const { fileName } of zip.eachEntry()) names.push(fileName);
  zip.close();
  return names;
}

describe.each(targets)("the package for $name", ({ name, platform, arch }) => {
  it("is made here, with the addons that there are for it, which ask for nothing that its systems lack", async () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["packaging/run.mjs", "--target", name, "--out", scratch],
      { encoding: "utf8" },
    );
    // That an addon asks for what older systems or Electron do not have ends it.
    expect([status, status === 0 ? "" : stderr]).toEqual([0, ""]);
    const lines = stdout.trim().split("\n");
    const names = await namesIn(lines.at(-1)!);
    const inBindings = names.flatMap((each) => /^extension\/dist\/bindings\/(.+\.node)$/.exec(each)?.[1] ?? []);
    const ofTensorflow = [...nativeAddons.map((each) => `${name}/${each}`), `${name}-mpi/mpi.node`];
    const isNative = buildFor("native", platform, arch) !== null;
    expect(inBindings.sort()).toEqual([...(isNative ? ofTensorflow : []), `${name}-webgpu/webgpu.node`].sort());
    for (const addon of inBindings) expect(stdout).toContain(`  ${addon}: ${platform} ${arch}, asks for `);
    expect(stdout).toMatch(/webgpu\.node: .*, (?:17|20) functions of Node's\n/);
    expect(names).toContain(`extension/dist/node_modules/@img/sharp-${name}/package.json`);
    expect(names.filter((each) => each.includes("/@img/sharp-win32")).length > 0).toBe(platform === "win32");
  }, 1_200_000);
});
