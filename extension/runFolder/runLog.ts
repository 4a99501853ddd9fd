import { appendFile } from "node:fs/promises";
import { explainingDiskErrors } from "../files/diskErrors";
import { pathIn } from "./paths";

/**
 * Adds one line to the run's `log.txt`, with the time in front.
 * @throws RevganError `disk`
 */
export async function appendLog(run: string, message: string, now: Date = new Date()): Promise<void> {
  const file = pathIn(run, "log");
  // One message is one line, so that the log can be searched line by line.
  const line = `${now.toISOString()} ${message.replace(/\s*[\r\n]+\s*/g, " | ")}\n`;
  await explainingDiskErrors(file, run, () => appendFile(file, line));
}
