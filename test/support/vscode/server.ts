import { spawn, spawnSync } from "node:child_process";
import { createWriteStream, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { longPatience, patience } from "../browser/until";
import { addExtensions } from "./extensionsFolder";
import { ensureVscode } from "./install.mjs";
import { processesWith, waitUntilGone, type Process } from "./processes";
import { quietSettings } from "./settings";

export interface ServerOptions {
  /** An empty folder for everything that the server keeps. */
  folder: string;
  /** Unpacked extensions, used where they lie, and .vsix files, installed as a user would. */
  extensions: readonly string[];
  userSettings: Readonly<Record<string, unknown>>;
  /** Without it every folder is trusted. */
  workspaceTrust: boolean;
}

/** VS Code's server on 127.0.0.1. */
export interface Server {
  port: number;
  /** Its data folder: user settings in `data/User`, logs in `data/logs`. */
  folder: string;
  /** What it started and what those started, itself included. */
  processes(): Process[];
  /** Ends it, and fails when something that it started is still there after some seconds. */
  stop(): Promise<void>;
}

const marker = "REVGAN_TEST_FOLDER";

/** Starts VS Code's server on a free port with settings and extensions of its own. Installs VS Code at need. */
export async function startServer({
  folder,
  extensions,
  userSettings,
  workspaceTrust,
}: ServerOptions): Promise<Server> {
  const { node, main } = ensureVscode();
  const extensionsFolder = join(folder, "extensions");
  const user = join(folder, "data", "User");
  mkdirSync(user, { recursive: true });
  writeFileSync(join(user, "settings.json"), JSON.stringify({ ...quietSettings, ...userSettings }, undefined, 2));
  const common = [main, "--server-data-dir", folder, "--extensions-dir", extensionsFolder];
  for (const vsix of extensions.filter((path) => path.endsWith(".vsix"))) installVsix(node, common, vsix);
  addExtensions(extensionsFolder, [
    ...extensions.filter((path) => !path.endsWith(".vsix")),
    join(import.meta.dirname, "probe"),
  ]);

  const address = ["--host", "127.0.0.1", "--port", "0", "--without-connection-token"];
  // Not VS Code's driver for its own smoke tests: under it no notification is shown.
  // A window that is gone without a goodbye is waited for this many seconds instead of three hours.
  const quiet = [
    "--accept-server-license-terms",
    "--disable-telemetry",
    "--reconnection-grace-time",
    "5",
    ...(workspaceTrust ? [] : ["--disable-workspace-trust"]),
  ];
  const child = spawn(node, [...common, ...address, ...quiet], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, [marker]: folder },
  });
  const log = createWriteStream(join(folder, "server.log"));
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  // A test run that is broken off takes its server along.
  const kill = (): boolean => child.kill();
  process.once("exit", kill);
  void exited.then(() => process.off("exit", kill));
  const port = await new Promise<number>((resolve, reject) => {
    let text = "";
    const timer = setTimeout(() => {
      child.kill();
      reject(new Error(`VS Code's server was not ready after ${longPatience} s: ${text}`));
    }, longPatience * 1000);
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (piece: Buffer) => {
        log.write(piece);
        text = (text + piece.toString()).slice(-4000);
        const found = /Web UI available at http:\/\/[^:]+:(\d+)/.exec(text);
        if (found === null) return;
        clearTimeout(timer);
        resolve(Number(found[1]));
      });
    }
    child.once("error", reject);
    child.once("exit", (code) => {
      clearTimeout(timer);
      reject(new Error(`VS Code's server ended with ${code ?? "a signal"}: ${text}`));
    });
  });
  const processes = (): Process[] => processesWith(marker, folder);
  return {
    port,
    folder,
    processes,
    stop: async () => {
      child.kill();
      await exited;
      log.end();
      await waitUntilGone(processes, patience);
    },
  };
}

function installVsix(node: string, common: readonly string[], vsix: string): void {
  const { status, stdout, stderr } = spawnSync(node, [...common, "--install-extension", vsix, "--force"], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`VS Code could not install ${vsix}: ${stdout}${stderr}`);
}
