import { type CliOptions, runCli } from "../../host/cliProcess";
import { trainerEnvironment } from "../readSetting";
import type { Services } from "./services";

/**
 * Runs a command of `revgan` to its end, on the GPU that the user chose. What it says beside its JSON lines goes into the log.
 * @throws RevganError as {@link runCli}
 */
export function runCommand(
  { paths, log }: Pick<Services, "paths" | "log">,
  args: readonly string[],
  { cwd, signal, onLine = () => undefined }: Pick<CliOptions, "cwd" | "signal"> & Partial<Pick<CliOptions, "onLine">>,
): Promise<void> {
  return runCli({
    program: paths.program("cli"),
    args,
    cwd,
    env: trainerEnvironment(),
    onLine,
    onText: (text) => log.info(text),
    signal,
  });
}
