import { readRun } from "../../runFolder/runFile";
import { EventLog } from "./eventLog";

/**
 * Writes TensorBoard's event file of a run, up to its present step.
 *
 * @param out the folder of the event file
 * @throws RevganError as `readRun` and `EventLog.open`
 */
export async function exportEvents(folder: string, out: string, warn: (text: string) => void): Promise<void> {
  const run = await readRun(folder);
  const log = await EventLog.open(folder, run, out, warn);
  try {
    if (run.state === "finished") await log.append({ type: "finished", step: run.step });
  } finally {
    await log.close();
  }
}
