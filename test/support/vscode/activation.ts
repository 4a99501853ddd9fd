import type { ExtensionHost } from "./host";
import { until } from "../browser/until";

/** Milliseconds of VS Code's own measure: loading the code, calling `activate`, and until what it returned was done. */
export interface Activation {
  load: number;
  call: number;
  finish: number;
  /** What made VS Code activate it, for example "onStartupFinished". */
  event: string;
}

/** Reads an extension's activation times from VS Code's own report, "Developer: Startup Performance". It has to be active. */
export async function activationTimes(host: ExtensionHost, extension: string): Promise<Activation> {
  await host.executeCommand("perfview.show");
  // The report is filled in after it opens.
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
