import { type ChildProcess, execFile, fork, spawn } from "node:child_process";
import { RevganError } from "../protocol/errors";
import { heartbeatDescriptor, longestLine } from "../protocol/pipes";
import type { ProcessEnd } from "./processEnd";

/**
 * How many of the last characters of stderr are kept to explain the exit. As many, because a compiler names the error in its last lines.
 */
const stderrKept = 16 * 1024;

/** The most milliseconds to wait, after a process's exit, for its remaining output. */
const outputAfterEnd = 500;

/** How a process is started, and callbacks for its output. */
export interface SubprocessOptions {
  /** The name of the process in error messages, such as "the image decoder". */
  readonly name: string;
  /** The path of one of our bundles for {@link Subprocess.fork}; the command of any program for {@link Subprocess.spawn}. */
  readonly program: string;
  readonly args?: readonly string[];
  /** The working folder; like `env`, this process's by default. */
  readonly cwd?: string | undefined;
  readonly env?: NodeJS.ProcessEnv | undefined;
  /**
   * Whether the process leads a process group of its own. Killing it then also kills all processes that it has started, and a terminal's
   * Ctrl-C does not reach it. On Windows, which has no such groups, the process tree is killed instead.
   */
  readonly ownGroup?: boolean;
  /** Called with each line of output, without the newline. Of a line longer than `longestLine` only the last characters are given. */
  readonly onLine?: (line: string, stream: "stdout" | "stderr") => void;
}

/** How one of our bundles is started, and callbacks for its messages. */
export interface ForkOptions extends SubprocessOptions {
  readonly onMessage?: (message: unknown) => void;
  /** Called when the child writes to `heartbeatDescriptor`. */
  readonly onBeat?: () => void;
}

/** The times at which a process is asked to end and killed, in seconds from now. */
export interface Deadlines {
  /** When the process gets `signal`; at once by default. */
  readonly askAfter?: number;
  /** The signal by which the process is asked to end; SIGTERM by default. */
  readonly signal?: NodeJS.Signals;
  /** When the process is killed. */
  readonly killAfter: number;
}

/** A child process from start to exit. No shell is involved. */
export class Subprocess {
  private readonly child: ChildProcess | null;
  private stderr = "";
  private timers: NodeJS.Timeout[] = [];
  /** Settles once the process has exited and its output was read; rejects with a RevganError `internal` when it could not be started. */
  readonly gone: Promise<ProcessEnd>;

  private constructor(
    private readonly options: ForkOptions,
    start: () => ChildProcess,
    remedy: string,
  ) {
    const { name, program } = options;
    const failed = (error: unknown): RevganError =>
      startError(name, program, error instanceof Error ? error.message : String(error), remedy, error);
    try {
      this.child = start();
      this.gone = this.ending(this.child, failed);
      this.listen(this.child);
    } catch (error) {
      this.child = null;
      this.gone = Promise.reject(failed(error));
    }
    // Perhaps nobody awaits `gone`; its rejection must not count as unhandled.
    this.gone.catch(() => undefined);
  }

  /** Starts one of our bundles by the Node that runs this process, with a channel for messages. Without `onLine` its stdout is dropped. */
  static fork(options: ForkOptions): Subprocess {
    const { program, args, cwd, env, onLine, onBeat } = options;
    const start = (): ChildProcess =>
      fork(program, args, {
        cwd,
        env,
        detached: isDetached(options),
        // The child must not inherit Node's flags of this process (a debugger's port, a test runner's loader).
        execArgv: [],
        // Messages hold typed arrays, which JSON, the default, does not carry.
        serialization: "advanced",
        stdio: ["ignore", onLine ? "pipe" : "ignore", "pipe", "ipc", ...(onBeat ? (["pipe"] as const) : [])],
      });
    return new Subprocess(options, start, reinstallRemedy);
  }

  /** Starts any program. */
  static spawn(options: SubprocessOptions): Subprocess {
    const { program, args = [], cwd, env, onLine } = options;
    const start = (): ChildProcess =>
      spawn(program, args, {
        cwd,
        env,
        detached: isDetached(options),
        windowsHide: true,
        stdio: ["ignore", onLine ? "pipe" : "ignore", "pipe"],
      });
    return new Subprocess(options, start, `see whether ${program} works in a terminal`);
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Sends a message. If it cannot be delivered, the process has exited, which `gone` reports. */
  send(message: object): void {
    if (this.child?.connected === true) this.child.send(message, () => undefined);
  }

  /** Closes the channel: our bundles then exit by themselves. */
  disconnect(): void {
    if (this.child?.connected === true) this.child.disconnect();
  }

  /**
   * Asks the process to end, with a signal after `askAfter`, and kills it after `killAfter`. Replaces the deadlines of an earlier call. On
   * Windows, where a signal ends a process at once, one of our bundles is asked by closing its channel: it saves its work then, too.
   */
  end({ askAfter = 0, signal = "SIGTERM", killAfter }: Deadlines): void {
    this.clearTimers();
    const ask = (): void => {
      if (process.platform === "win32" && this.child?.connected === true) this.child.disconnect();
      else this.child?.kill(signal);
    };
    if (askAfter === 0) ask();
    else this.timers.push(setTimeout(ask, askAfter * 1000).unref());
    this.timers.push(setTimeout(() => this.kill(), killAfter * 1000).unref());
  }

  /** Kills the process, and with `ownGroup` its process group. */
  kill(): void {
    const { child } = this;
    // Nothing is killed after the process's exit, because its id may then belong to another process.
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    if (isDetached(this.options)) killGroup(child.pid);
    else if (this.options.ownGroup === true)
      execFile("taskkill", ["/pid", String(child.pid), "/t", "/f"], () => child.kill("SIGKILL"));
    else child.kill("SIGKILL");
  }

  private listen(child: ChildProcess): void {
    const { onMessage, onLine, onBeat } = this.options;
    if (onMessage) child.on("message", onMessage);
    if (onBeat) child.stdio[heartbeatDescriptor]?.on("data", onBeat);
    child.stderr?.setEncoding("utf8");
    child.stderr?.on("data", (text: string) => (this.stderr = (this.stderr + text).slice(-stderrKept)));
    if (!onLine) return;
    eachLine(child.stdout, (line) => onLine(line, "stdout"));
    eachLine(child.stderr, (line) => onLine(line, "stderr"));
  }

  private ending(child: ChildProcess, failed: (error: unknown) => RevganError): Promise<ProcessEnd> {
    return new Promise((resolve, reject) => {
      child.once("exit", (code, signal) => {
        const settle = (): void => {
          this.clearTimers();
          // Another process may still hold the other end of a pipe; that must not keep this process alive.
          for (const stream of child.stdio) stream?.destroy();
          resolve({ code, signal, stderr: this.stderr });
        };
        // "close" is emitted after all output, but not as long as a process started by the child keeps the pipes open; then the timer
        // settles. If this process was busy and the timer fires late, `setImmediate` lets output that has arrived meanwhile be read first.
        const timer = setTimeout(() => setImmediate(settle), outputAfterEnd);
        child.once("close", () => {
          clearTimeout(timer);
          settle();
        });
      });
      // A process that could not be started has no id and no exit event. A failed kill or message needs no handling.
      child.on("error", (error) => {
        if (child.pid === undefined) reject(failed(error));
      });
    });
  }

  private clearTimers(): void {
    for (const timer of this.timers.splice(0)) clearTimeout(timer);
  }
}

const reinstallRemedy = "install RevGAN again (in a checkout: npm ci, then npm run build)";

/** The error for a program that cannot be started. The default remedy is for our own bundles: the installation is incomplete. */
export function startError(
  name: string,
  program: string,
  reason: string,
  remedy = reinstallRemedy,
  cause?: unknown,
): RevganError {
  return new RevganError("internal", `${name} ${program} does not start: ${reason}`, remedy, { cause });
}

function isDetached({ ownGroup = false }: SubprocessOptions): boolean {
  return ownGroup && process.platform !== "win32";
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // The whole group has exited, and its exit event has not arrived yet.
  }
}

/** Splits a stream into lines; the last one may lack a newline when its writer is killed. */
function eachLine(stream: NodeJS.ReadableStream | null, take: (line: string) => void): void {
  let rest = "";
  stream?.setEncoding("utf8");
  stream?.on("data", (text: string) => {
    rest += text;
    if (!text.includes("\n")) {
      if (rest.length > longestLine) rest = rest.slice(-longestLine);
      return;
    }
    const lines = rest.split("\n");
    rest = lines.pop()!;
    for (const line of lines) take(line);
  });
  stream?.on("end", () => {
    if (rest !== "") take(rest);
  });
}
