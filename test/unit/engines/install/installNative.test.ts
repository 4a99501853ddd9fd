import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Build, Wheel } from "../../../../extension/trainer/engines/install/catalogue";
import { installNative } from "../../../../extension/trainer/engines/install/installNative";
import type { InstallSource } from "../../../../extension/trainer/engines/install/installSource";
import { libraryNames } from "../../../../extension/trainer/engines/install/wheelContents";
import { sendRange, serve } from "./fileServer";
import { errorOf, scratchFolder, sha256, wheelMembers } from "../scratch";
import { smallZip } from "../../../support/smallZip";

/** The wheel of scratch.ts under this system's library names. */
const { api, framework } = libraryNames(process.platform)[0]!;
const zip = smallZip(
  wheelMembers.map((member) => ({
    ...member,
    name: member.name.replace("libtensorflow_cc.so.2", api).replace("libtensorflow_framework.so.2", framework),
  })),
);
const wheel: Wheel = {
  file: "small.whl",
  folder: "packages/x",
  sha256: sha256(zip),
  size: zip.length,
  unpackedSize: 20_000,
};
const build: Build = {
  engine: "native",
  platform: "linux",
  arch: "x64",
  version: "9.9.9",
  tensorflow: wheel,
  cuda: [],
};
const source: InstallSource = { kind: "download", build };
const timeouts = { firstContactMs: 1000, stallMs: 500, tries: 2, pauseMs: 10 };

/** A compiler that answers to --version and fails at its work: the small wheel holds no TensorFlow to compile against. */
function failingCompiler(folder: string): string {
  const path = join(folder, "cxx.cjs");
  writeFileSync(
    path,
    `if (process.argv[2] !== "--version") { console.error("fatal: no such header"); process.exit(1); }`,
  );
  return `${process.execPath} ${path}`;
}

function setup(pypi: string): { env: NodeJS.ProcessEnv; cache: string } {
  const cache = scratchFolder();
  return {
    cache,
    env: { PATH: process.env["PATH"], REVGAN_CACHE: cache, REVGAN_PYPI: pypi, CXX: failingCompiler(scratchFolder()) },
  };
}

const enginesIn = (cache: string) => readdirSync(join(cache, "engines"));

describe("installNative", () => {
  it("leaves no half-made engine when the compiler fails, keeps the checked wheel, and carries the compiler's words", async () => {
    const server = await serve((request, response) => sendRange(zip, request, response));
    const { env, cache } = setup(server.url);
    mkdirSync(join(cache, "engines", ".building-1-of-a-killed-installer"), { recursive: true });
    const error = await errorOf(installNative({ env, source, timeouts }));
    expect(error.code).toBe("engine");
    expect(error.message).toContain("could not compile");
    expect((error.cause as Error).message).toBe("fatal: no such header");
    expect(enginesIn(cache)).toEqual([]);
    expect(readFileSync(join(cache, "downloads", "small.whl")).equals(zip)).toBe(true);
    await errorOf(installNative({ env, source, timeouts }));
    expect(server.ranges).toHaveLength(1);
  });

  it("needs a compiler before it fetches anything", async () => {
    const server = await serve((request, response) => sendRange(zip, request, response));
    const { env } = setup(server.url);
    const error = await errorOf(installNative({ env: { ...env, CXX: "/nowhere/g++", PATH: "/nowhere" }, source }));
    expect(error.message).toContain("C++ compiler");
    expect(error.remedy).toContain("apt-get install g++");
    expect(server.ranges).toEqual([]);
  });

  it("asks for room before it fetches anything", async () => {
    const server = await serve((request, response) => sendRange(zip, request, response));
    const { env, cache } = setup(server.url);
    const error = await errorOf(
      installNative({
        env,
        source: { kind: "download", build: { ...build, tensorflow: { ...wheel, unpackedSize: 4e15 } } },
      }),
    );
    expect(error.code).toBe("disk");
    expect(error.message).toMatch(/needs 4\.0 PB in .+, and .+ are free/);
    expect(error.message).toContain(cache);
    expect(error.remedy).toContain("REVGAN_CACHE");
    expect(server.ranges).toEqual([]);
  });

  it("deletes a wheel with another hash without unpacking it, and gives the lock back", async () => {
    const server = await serve((request, response) => sendRange(Buffer.from(zip).fill(7, 100, 120), request, response));
    const { env, cache } = setup(server.url);
    const error = await errorOf(installNative({ env, source, timeouts }));
    expect(error.code).toBe("download");
    expect(enginesIn(cache)).toEqual([]);
    expect(readdirSync(join(cache, "downloads"))).toEqual([]);
  });

  it("says in one line that PyPI cannot be reached", async () => {
    const { env } = setup("http://127.0.0.1:1");
    const error = await errorOf(installNative({ env, source, timeouts }));
    expect(error.message).toMatch(/^127\.0\.0\.1:1 cannot be reached/);
  });

  it("stops when told to and leaves only the unfinished download", async () => {
    const stop = new AbortController();
    const server = await serve((_request, response) => {
      response.writeHead(200, { "content-length": zip.length });
      response.write(zip.subarray(0, 500), () => setTimeout(() => stop.abort(), 30));
    });
    const { env, cache } = setup(server.url);
    const error = await errorOf(installNative({ env, source, signal: stop.signal }));
    expect(error.code).toBe("interrupted");
    expect(enginesIn(cache)).toEqual([]);
    expect(readdirSync(join(cache, "downloads"))).toEqual(["small.whl.part"]);
  });

  it("refuses a wheel file whose hash is not the catalogue's, and does not touch it", async () => {
    const { env } = setup("http://127.0.0.1:1");
    const path = join(scratchFolder(), "small.whl");
    writeFileSync(path, "damaged");
    const error = await errorOf(
      installNative({ env, source: { kind: "files", tensorflow: { path, wheel }, cuda: [], warning: null } }),
    );
    expect(error.code).toBe("input");
    expect(error.message).toContain("damaged");
    expect(existsSync(path)).toBe(true);
  });

  it("warns of a wheel of unknown origin and goes on", async () => {
    const { env } = setup("http://127.0.0.1:1");
    const path = join(scratchFolder(), "small.whl");
    writeFileSync(path, zip);
    const notices: string[] = [];
    const error = await errorOf(
      installNative({
        env,
        source: { kind: "files", tensorflow: { path, wheel: null }, cuda: [], warning: "unknown" },
        onNotice: (text) => notices.push(text),
      }),
    );
    expect(notices).toEqual(["unknown"]);
    expect(error.message).toContain("could not compile");
  });

  it("reports a cache that cannot be written", async () => {
    const { env } = setup("http://127.0.0.1:1");
    const file = join(scratchFolder(), "file");
    writeFileSync(file, "");
    const error = await errorOf(installNative({ env: { ...env, REVGAN_CACHE: join(file, "cache") }, source }));
    expect(error.code).toBe("disk");
  });
});
