#!/usr/bin/env node
import { RevganError } from "../protocol/errors";
import { parseArguments } from "./commandLine/arguments";
import type { Command } from "./commandLine/command";
import { compare } from "./commandLine/compare";
import { engine } from "./commandLine/engine";
import { evaluate } from "./commandLine/evaluate";
import { exportRun } from "./commandLine/export";
import { memory } from "./commandLine/memory";
import { plan } from "./commandLine/plan";
import { Output } from "./commandLine/output";
import { report } from "./commandLine/report";
import { resume } from "./commandLine/resume";
import { sweep } from "./commandLine/sweep";
import { train } from "./commandLine/train";
import { translate } from "./commandLine/translate";
import { view } from "./commandLine/view";
import { launchOf } from "./ranks/launcher";
import { engineFailure } from "./engines/engineFailure";
import { version } from "./version";

const commands: Readonly<Record<string, Command>> = {
  train,
  resume,
  sweep,
  translate,
  evaluate,
  compare,
  memory,
  plan,
  view,
  export: exportRun,
  report,
  engine,
};

const help = `revgan trains and runs reversible image-to-image translation (RevGAN).

${Object.entries(commands)
  .map(([name, command]) => `  revgan ${name.padEnd(10)} ${command.summary}`)
  .join("\n")}

  revgan COMMAND --help tells more; --version, --verbose and --json are everywhere.`;

/** Runs a command line. Returns the exit code: 0, 1 for a failure, 2 for wrong use or input, 130 for Ctrl-C. */
async function main(args: readonly string[]): Promise<number> {
  const options = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  const output = new Output(options.includes("--json"), options.includes("--verbose"), process);
  const isFollower = (launchOf(process.env)?.rank ?? 0) > 0;
  const stopper = new AbortController();
  process.on("SIGINT", () => {
    // The first Ctrl-C stops the command, which saves its work; the second one ends the process at once.
    if (stopper.signal.aborted) process.exit(130);
    stopper.abort();
  });
  process.on("SIGTERM", () => stopper.abort());
  // Windows sends SIGHUP when the console's window is closed. On other systems SIGHUP must stay unhandled: nohup makes the process ignore
  // it.
  if (process.platform === "win32") process.on("SIGHUP", () => stopper.abort());
  // When another program of ours forked this process and has ended, stop as after Ctrl-C. The channel must not keep the process alive.
  const isForked = process.channel !== undefined;
  process.once("disconnect", () => stopper.abort());
  process.channel?.unref();
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // The program that reads this output has ended together with this one, for example by Ctrl-C in `revgan … | tee`: the work is still
    // saved.
    if (isForked || stopper.signal.aborted) stopper.abort();
    // EPIPE means that the reader of a pipe has ended, as in `revgan … | head`, which is no failure.
    else process.exit(error.code === "EPIPE" ? 0 : 1);
  });
  // An error of stderr cannot be reported anywhere.
  process.stderr.on("error", () => undefined);
  try {
    // --json and --verbose are also accepted before the command's name.
    const place = args.findIndex((word) => word !== "--json" && word !== "--verbose");
    const name = args[place];
    const rest = args.filter((_, i) => i !== place);
    if (options.includes("--version")) return print(version);
    if (name === undefined || name === "--help" || name === "-h" || name === "help") return print(help);
    const command = Object.hasOwn(commands, name) ? commands[name]! : unknownCommand(name);
    const given = parseArguments(name, rest, command.options);
    const onlyTells = given.flag("version") || given.flag("help");
    if ((onlyTells || command.isShared !== true) && isFollower) return 0;
    if (given.flag("version")) return print(version);
    if (given.flag("help")) return print(command.help);
    return await command.run(given, { output, signal: stopper.signal });
  } catch (error) {
    const known = asRevganError(error);
    // A usage error occurs in every process that an MPI launcher has started with these arguments: rank 0 alone prints it.
    if (known.code === "usage" && isFollower) output.mute();
    output.error(known);
    return known.exitCode;
  }
}

/** Prints a text to stdout. Returns the exit code 0. */
function print(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

function unknownCommand(name: string): never {
  throw new RevganError("usage", `revgan has no command ${name}`, `use one of ${Object.keys(commands).join(", ")}`);
}

/** Converts any error to a RevganError. */
function asRevganError(error: unknown): RevganError {
  // Node's own functions throw AbortError when the signal aborts them.
  if (error instanceof Error && error.name === "AbortError")
    return new RevganError("interrupted", "stopped before it had begun", "run the command again", { cause: error });
  const remedy = "run it again with --verbose and report what it prints";
  return engineFailure(error) ?? RevganError.from(error, remedy, "something unexpected happened: ");
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
