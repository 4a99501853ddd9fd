import { RevganError } from "../../protocol/errors";
import { errorLine, type EngineLine } from "../../protocol/lines";
import { engineStatus, statusOf } from "./engineStatus";
import { formatBytes } from "./formatBytes";
import { installNative } from "./installNative";
import { InstallView } from "./installView";
import { removeNative } from "./removeNative";
import { statusTable } from "./statusTable";
import { interrupted } from "./systemError";

export interface EngineCommand {
  action: "status" | "install" | "remove";
  from?: string;
  gpu?: boolean;
  json: boolean;
  /** Adds what a compiler or TensorFlow said to an error. */
  verbose?: boolean;
}

export interface CommandIo {
  /** Each prints a line, whose end it adds: results on stdout, the rest on stderr. */
  out(line: string): void;
  err(line: string): void;
  signal: AbortSignal;
  /** Is stderr a terminal, on which a line may be redrawn? */
  isTTY: boolean;
  /** Prints to stderr without a line end; needed only for redrawing. */
  redraw?(text: string): void;
}

/**
 * `revgan engine status|install|remove`. Errors are printed here, as a line on stderr and with `json` as one on stdout as well.
 * @returns the exit code: 0, or the one of the error
 */
export async function runEngineCommand(args: EngineCommand, io: CommandIo): Promise<number> {
  try {
    await actions[args.action](args, io);
    return 0;
  } catch (error) {
    const known = asRevganError(error, io.signal);
    if (args.json) io.out(JSON.stringify(errorLine(known)));
    io.err(`revgan: ${known.message}: ${known.remedy}`);
    if (args.verbose === true && known.cause instanceof Error) io.err(known.cause.message);
    return known.exitCode;
  }
}

const actions: Record<EngineCommand["action"], (args: EngineCommand, io: CommandIo) => Promise<void>> = {
  status,
  install,
  remove,
};

async function status(args: EngineCommand, io: CommandIo): Promise<void> {
  const lines = await engineStatus(process.env, io.signal);
  for (const text of args.json ? lines.map(jsonOf) : statusTable(lines)) io.out(text);
}

async function install(args: EngineCommand, io: CommandIo): Promise<void> {
  const name = args.gpu === true ? "native-gpu" : "native";
  const view = new InstallView(
    io.isTTY,
    (text) => redraw(io, text),
    (text) => io.err(text),
  );
  const onNotice = (text: string) => {
    view.close();
    io.err(text);
  };
  const onProgress = args.json
    ? (progress: object) => io.out(JSON.stringify({ type: "engineProgress", name, ...progress }))
    : view.show.bind(view);
  try {
    const engine = await installNative({ engine: name, from: args.from, signal: io.signal, onProgress, onNotice });
    view.close();
    if (args.json) io.out(jsonOf(await statusOf(name, process.env, io.signal)));
    else
      io.out(
        `${engine.alreadyInstalled ? "Already installed" : "Installed"}: TensorFlow ${engine.version}, ${engine.device}, in ${engine.bindingPath}`,
      );
  } finally {
    view.close();
  }
}

const removable = ["native", "native-gpu"] as const;

async function remove(args: EngineCommand, io: CommandIo): Promise<void> {
  const { folders, bytes } = await removeNative();
  if (args.json) for (const name of removable) io.out(jsonOf(await statusOf(name, process.env, io.signal)));
  else if (folders.length === 0 && bytes === 0) io.out("No engine is installed");
  else
    io.out(
      `Removed ${folders.length === 0 ? "an unfinished download" : folders.join(", ")}: ${formatBytes(bytes)} are free again`,
    );
}

function jsonOf(line: EngineLine): string {
  return JSON.stringify(line);
}

function redraw(io: CommandIo, text: string): void {
  if (io.redraw) io.redraw(text);
  else process.stderr.write(text);
}

function asRevganError(error: unknown, signal: AbortSignal): RevganError {
  if (error instanceof RevganError) return error;
  if (signal.aborted) return interrupted();
  const message = error instanceof Error ? error.message : String(error);
  return new RevganError(
    "internal",
    `the engine command failed: ${message}`,
    "report this with the output of --verbose",
    { cause: error },
  );
}
