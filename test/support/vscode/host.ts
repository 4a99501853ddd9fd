import { readFileSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type * as vscode from "vscode";
import { longPatience, until } from "../browser/until";

type Vscode = typeof vscode;

interface Answer {
  result?: unknown;
  error?: { name: string; message: string; code?: string; stack?: string };
}

/** The error that a function threw in the extension host. */
export class HostError extends Error {
  constructor(
    message: string,
    readonly code: string | undefined,
  ) {
    super(message);
    this.name = "HostError";
  }
}

/** A file as an argument of a command. The probe extension converts it to a `vscode.Uri`. */
export function fileArgument(path: string): { $uri: string } {
  return { $uri: pathToFileURL(path).toString() };
}

/** The extension host of a running workbench, accessed through the probe extension. A `vscode.Uri` in a result arrives as a string. */
export class ExtensionHost {
  constructor(private readonly folder: string) {}

  /**
   * Runs a function with VS Code's API in the extension host. The function is sent as text, so it can use only its arguments, no variables
   * from outside. If it throws, a HostError with the same message and code is thrown here.
   */
  async run<A extends unknown[], R>(call: (api: Vscode, ...args: A) => R | PromiseLike<R>, ...args: A): Promise<R> {
    const answer = await this.ask({ source: call.toString(), args });
    if (answer.error !== undefined) throw new HostError(answer.error.message, answer.error.code);
    // The caller knows the type that its function returns. The result has passed through JSON, so it is plain data.
    return answer.result as R;
  }

  /** Runs a command, as another extension would, and returns its result as plain data. */
  async executeCommand(id: string, ...args: unknown[]): Promise<unknown> {
    return await this.run((api, command, values) => api.commands.executeCommand(command, ...values), id, args);
  }

  /** Whether an extension has been activated. Fails if it is not installed. */
  async isActive(extension: string): Promise<boolean> {
    return await this.run((api, id) => {
      const found = api.extensions.getExtension(id);
      if (found === undefined) throw new Error(`${id} is not installed`);
      return found.isActive;
    }, extension);
  }

  async setting(key: string): Promise<unknown> {
    return await this.run((api, name) => api.workspace.getConfiguration().get<unknown>(name), key);
  }

  /** Writes a user setting. Returns when VS Code has applied it. */
  async changeSetting(key: string, value: unknown): Promise<void> {
    await this.run((api, name, wanted) => api.workspace.getConfiguration().update(name, wanted, true), key, value);
  }

  /** The process id of the extension host that started last; undefined before the first has started. */
  pid(): number | undefined {
    return this.probe()?.pid;
  }

  /** Waits until an extension host answers. @param before process id of an earlier host, which does not count */
  async ready(before?: number): Promise<void> {
    const ask = async (): Promise<true | undefined> => {
      const pid = this.pid();
      return pid === undefined || pid === before ? undefined : await this.run(() => true as const);
    };
    await until("the extension host", ask, () => Promise.resolve(this.probe()), longPatience);
  }

  private probe(): { address: string; pid: number } | undefined {
    try {
      return JSON.parse(readFileSync(join(this.folder, "probe.json"), "utf8")) as { address: string; pid: number };
    } catch {
      return undefined;
    }
  }

  private async ask(request: unknown): Promise<Answer> {
    const probe = this.probe();
    if (probe === undefined) throw new Error("no extension host has come up yet");
    return await new Promise((resolve, reject) => {
      let text = "";
      const socket = createConnection(probe.address, () => socket.write(`${JSON.stringify(request)}\n`));
      socket.setEncoding("utf8");
      socket.on("data", (piece: string) => (text += piece));
      socket.on("error", reject);
      socket.on("end", () => {
        if (text === "") reject(new Error("the extension host went away without an answer"));
        else resolve(JSON.parse(text) as Answer);
      });
    });
  }
}
