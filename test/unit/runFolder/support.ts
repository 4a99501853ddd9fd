import { execFileSync, fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, afterEach } from "vitest";

const cleanups: (() => void)[] = [];

afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup();
});

/** A new empty folder, gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "revgan-runs-"));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A file system of its own with so many KiB; undefined where mounting is not permitted. */
export function smallDisk(kibibytes: number): string | undefined {
  const folder = temporaryFolder();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${kibibytes}k`, "none", folder], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  cleanups.push(() => execFileSync("umount", ["-l", folder]));
  return folder;
}

export function makeReadOnly(disk: string): void {
  execFileSync("mount", ["-o", "remount,ro", disk]);
}

const bundles = new Map<string, string>();

afterAll(() => {
  for (const bundle of bundles.values()) rmSync(dirname(bundle), { recursive: true, force: true });
  bundles.clear();
});

/** Bundles `children/NAME.ts` and runs it in a process of its own, killed after the test. */
export async function startChild(name: string, args: readonly string[]): Promise<ChildProcess> {
  let bundle = bundles.get(name);
  if (bundle === undefined) {
    bundle = join(mkdtempSync(join(tmpdir(), "revgan-child-")), `${name}.cjs`);
    await build({
      entryPoints: [fileURLToPath(new URL(`./children/${name}.ts`, import.meta.url))],
      outfile: bundle,
      bundle: true,
      platform: "node",
      format: "cjs",
      mainFields: ["module", "main"],
      logLevel: "error",
    });
    bundles.set(name, bundle);
  }
  const child = fork(bundle, args, { execArgv: [] });
  cleanups.push(() => child.kill("SIGKILL"));
  return child;
}

/** The next message of a child. */
export async function messageOf(child: ChildProcess): Promise<unknown> {
  const [message] = (await once(child, "message")) as [unknown];
  return message;
}

export async function killHard(child: ChildProcess): Promise<void> {
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

/** Names in a folder, sorted, hidden ones too. */
export function namesIn(folder: string): string[] {
  return readdirSync(folder).sort();
}
