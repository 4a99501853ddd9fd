import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { builtinModules, createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileFunction } from "node:vm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseConfig } from "../../../extension/configuration/config";
import type * as Theory from "../../../extension/trainer/memoryTheory/networkCosts";
import type { Metafile } from "../../../packaging/notices";
import { readMetafile } from "../../../packaging/stage";

const dist = mkdtempSync(join(tmpdir(), "revgan-dist-"));
afterAll(() => rmSync(dist, { recursive: true, force: true }));

let programs: Metafile;
let page: Metafile;
beforeAll(async () => {
  execFileSync(process.execPath, ["esbuild.mjs", "--production", "--out", dist]);
  [programs, page] = await Promise.all([
    readMetafile(join(dist, "programs.meta.json")),
    readMetafile(join(dist, "webview.meta.json")),
  ]);
});

/** What esbuild says of the bundle that begins with a source file. */
function bundleOf(metafile: Metafile, entryPoint: string): Metafile["outputs"][string] {
  const output = Object.values(metafile.outputs).find((each) => each.entryPoint === entryPoint);
  if (!output) throw new Error(`no bundle of ${entryPoint}`);
  return output;
}

const isBuiltin = (name: string) => name.startsWith("node:") || builtinModules.includes(name);

describe("the host's bundle", () => {
  const host = () => bundleOf(programs, "extension/vscode/extension.ts");

  it("stays under 250 KB", () => {
    expect(host().bytes).toBeGreaterThan(1000);
    expect(host().bytes).toBeLessThan(250e3);
  });

  it("reads no property of VS Code's API before it is activated: there are hundreds, and each file would copy all", () => {
    const asked: unknown[] = [];
    const api = new Proxy(
      {},
      {
        get: (_, name) => void asked.push(name),
        ownKeys: () => {
          asked.push("all");
          return [];
        },
      },
    );
    const requireHere = createRequire(import.meta.url);
    const load = compileFunction(readFileSync(join(dist, "extension.js"), "utf8"), [
      "require",
      "module",
      "exports",
    ]) as (...given: unknown[]) => void;
    load((name: string) => (name === "vscode" ? api : (requireHere(name) as unknown)), { exports: {} }, {});
    expect(asked).toEqual([]);
  });

  it("holds no tensor and no image library, and nothing of the trainer", () => {
    const strangers = Object.keys(host().inputs).filter((path) =>
      /node_modules\/(@tensorflow|sharp|@img)\/|^extension\/trainer\//.test(path),
    );
    expect(strangers).toEqual([]);
  });

  it("asks for nothing but VS Code, Node, and what a network costs, which lies beside it", () => {
    expect(
      host()
        .imports.map(({ path }) => path)
        .filter((path) => path !== "vscode" && !isBuiltin(path)),
    ).toEqual(["./networkCosts.js"]);
  });
});

describe("the bundle of what a network costs", () => {
  const theory = () => bundleOf(programs, "extension/trainer/memoryTheory/networkCosts.ts");

  it("is ours alone, and asks for nothing, not even Node", () => {
    expect(theory().imports).toEqual([]);
    expect(Object.keys(theory().inputs).filter((path) => path.startsWith("node_modules/"))).toEqual([]);
  });

  it("tells the host", async () => {
    const { countGeneratorParameters, costsByDepth } = (await import(join(dist, "networkCosts.js"))) as typeof Theory;
    const config = parseConfig({}, "");
    expect(countGeneratorParameters(config)).toBe(6_826_502);
    const costs = costsByDepth(config, "native", ["recompute"], [9]);
    let next = costs.next();
    while (next.done !== true) next = costs.next();
    expect(next.value[0]!.needs.recompute!.peak).toBeGreaterThan(0);
  });
});

describe("the page's bundle", () => {
  const webview = () => bundleOf(page, "webview/main.ts");

  it("stays under 600 KB", () => {
    expect(webview().bytes).toBeGreaterThan(1000);
    expect(webview().bytes).toBeLessThan(600e3);
  });

  it("asks for nothing at run time, of Node or else", () => {
    expect(webview().imports.filter(({ external }) => external)).toEqual([]);
  });

  it("is made of the page's own files, the protocol and packages", () => {
    expect(
      Object.keys(webview().inputs).filter(
        (path) => !/^(webview|extension\/(protocol|configuration|comparison|charts))\/|(^|\/)node_modules\//.test(path),
      ),
    ).toEqual([]);
  });
});

it("what is tested alone is not among the programs that ship", () => {
  expect(Object.values(programs.outputs).filter(({ entryPoint }) => entryPoint?.startsWith("test/"))).toEqual([]);
});
