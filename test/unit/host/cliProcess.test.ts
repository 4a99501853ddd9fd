import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { RevganError } from "../../../extension/protocol/errors";
import type { Line } from "../../../extension/protocol/lines";
import { runCli } from "../../../extension/host/cliProcess";
import { temporaryFolder } from "../runFolder/support";

const engine: Line = {
  type: "engine",
  name: "wasm",
  available: true,
  version: "4.22.0",
  device: "CPU",
  reason: null,
  remedy: null,
};

interface Heard {
  readonly lines: Line[];
  readonly texts: string[];
  readonly error: RevganError | null;
}

/** Runs a program that does what `source` says, and hears all that it tells. */
async function run(
  source: string,
  {
    args = [],
    stopper = new AbortController(),
    onLine,
  }: { args?: string[]; stopper?: AbortController; onLine?: (line: Line) => void } = {},
): Promise<Heard> {
  const folder = temporaryFolder();
  const program = join(folder, "cli.cjs");
  writeFileSync(program, `const engine = ${JSON.stringify(JSON.stringify(engine))};\n${source}`);
  const [lines, texts]: [Line[], string[]] = [[], []];
  const take = (line: Line): void => {
    lines.push(line);
    onLine?.(line);
  };
  const error = await runCli({
    program,
    args,
    cwd: folder,
    onLine: take,
    onText: (text) => texts.push(text),
    signal: stopper.signal,
  }).then(
    () => null,
    (caught: unknown) => caught as RevganError,
  );
  return { lines, texts, error };
}

describe("a command of revgan", () => {
  it("tells its lines, and what it says to people", async () => {
    expect(
      await run(
        `console.log(engine); console.error("hello"); process.stdout.write(engine.slice(0, 9)); setTimeout(() => console.log(engine.slice(9)), 20);`,
      ),
    ).toEqual({ lines: [engine, engine], texts: ["hello"], error: null });
  });

  it("gets its words as they are, and --json", async () => {
    const { texts } = await run(`console.error(JSON.stringify(process.argv.slice(2)));`, {
      args: ["a b", "'é'\"$(x)"],
    });
    expect(JSON.parse(texts[0]!)).toEqual(["a b", "'é'\"$(x)", "--json"]);
  });

  it("fails with the code, words and remedy that it gave", async () => {
    const { error } = await run(
      `console.log(JSON.stringify({ type: "error", code: "engine", message: "no engine works here", remedy: "install one" })); process.exitCode = 1;`,
    );
    expect(error).toMatchObject({ code: "engine", message: "no engine works here", remedy: "install one" });
  });

  it("that ends without a word is explained by its last words", async () => {
    expect((await run(`console.error("boom"); process.exitCode = 3;`)).error).toMatchObject({
      code: "internal",
      message: "the command ended with exit code 3: boom",
    });
    expect((await run(`process.stderr.write("no end of line"); process.exitCode = 3;`)).error?.message).toBe(
      "the command ended with exit code 3: no end of line",
    );
    expect((await run(`process.kill(process.pid, "SIGKILL"); setInterval(() => {}, 1000);`)).error?.message).toContain(
      "memory ran out",
    );
  });

  it("does not fail when a library prints something else", async () => {
    expect(await run(`console.log("2026: using CPU"); console.log("{"); console.log(engine);`)).toEqual({
      lines: [engine],
      texts: ["2026: using CPU", "{"],
      error: null,
    });
  });

  it("ends with Ctrl-C when it is cancelled", async () => {
    const stopper = new AbortController();
    const source = `process.on("SIGINT", () => { console.error("cleaned up"); process.exit(130); }); setInterval(() => {}, 1000); console.log(engine);`;
    const { error, texts } = await run(source, { stopper, onLine: () => stopper.abort() });
    expect(error?.code).toBe("interrupted");
    expect(texts).toEqual(["cleaned up"]);
  });

  it("is not even started when it was cancelled before", async () => {
    const stopper = new AbortController();
    stopper.abort();
    const { error, texts } = await run(`console.error("started");`, { stopper });
    expect(error?.code).toBe("interrupted");
    expect(texts).toEqual([]);
  });

  it("whose program is missing says so", async () => {
    const signal = new AbortController().signal;
    const failed = runCli({
      program: join(temporaryFolder(), "missing.cjs"),
      args: [],
      cwd: ".",
      onLine: () => undefined,
      onText: () => undefined,
      signal,
    });
    await expect(failed).rejects.toMatchObject({
      code: "internal",
      message: expect.stringContaining("Cannot find module") as string,
    });
  });
});
