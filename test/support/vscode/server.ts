import { spawn, spawnSync } from "node:child_process";
import { createWriteStream, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { longPatience, patience } from "../browser/until";
import { addExtensions } from "./extensionsFolder";
import { ensureVscode } from "./install.mjs";
import { processesWith, waitUntilGone, type Process } from "./processes";
import { quietSettings } from "./settings";

export interface ServerOptions {
  /** An empty folder for all data of the server. */
  folder: string;
  /** Folders of unpacked extensions, which are used without copying, and .vsix files, which are installed. */
  extensions: readonly string[];
  userSettings: Readonly<Record<string, unknown>>;
  /** Whether Workspace Trust is enabled; if not, every folder is trusted. */
  workspaceTrust: boolean;
}

/** A running VS Code server on 127.0.0.1. */
export interface Server {
  port: number;
  /** The server's data folder: user settings in `data/User`, logs in `data/logs`. */
  folder: string;
  /** The server's process and all its descendants. */
  processes(): Process[];
  /** Ends the server. Fails if one of its descendants is still running after some seconds. */
  stop(): Promise<void>;
}

const marker = "REVGAN_TEST_FOLDER";

/** Starts VS Code's server on a free port with settings and extensions of its own. Installs VS Code if missing. */
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
  // VS Code's driver for its own smoke tests is not used, because VS Code shows no notifications with it.
  // `--reconnection-grace-time`: after a window is lost, the server waits 5 seconds instead of three hours for it to reconnect.
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
  // If the test run is aborted, the server is killed, too.
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
