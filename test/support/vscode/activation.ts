import type { ExtensionHost } from "./host";
import { until } from "../browser/until";

/** VS Code's own measurement in milliseconds: loading the code, calling `activate`, and waiting for the promise that it returned. */
export interface Activation {
  load: number;
  call: number;
  finish: number;
  /** The activation event, for example "onStartupFinished". */
  event: string;
}

/** Reads an active extension's activation times from VS Code's report, "Developer: Startup Performance". */
export async function activationTimes(host: ExtensionHost, extension: string): Promise<Activation> {
  await host.executeCommand("perfview.show");
  // The report's editor opens empty and is filled later.
  const report = async (): Promise<string> =>
    await host.run(
      (api) => api.workspace.textDocuments.find((document) => document.uri.scheme === "perf")?.getText() ?? "",
    );
  const line = await until(`${extension} in VS Code's startup report`, async () =>
    (await report()).split("\n").find((row) => row.startsWith(`| ${extension} `)),
  );
  await host.executeCommand("workbench.action.closeActiveEditor");
  const [, , , load, call, finish, event] = line.split("|").map((cell) => cell.trim());
  if (load === undefined || call === undefined || finish === undefined || event === undefined)
    throw new Error(`not a row of VS Code's report: ${line}`);
  return { load: Number(load), call: Number(call), finish: Number(finish), event };
}
