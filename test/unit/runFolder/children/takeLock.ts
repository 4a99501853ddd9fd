/** Takes the lock of a run, says whether it got it, and holds it until it is killed or told to release it. */
import { acquireLock } from "../../../../extension/runFolder/lock";

const [run = ""] = process.argv.slice(2);

async function main(): Promise<void> {
  try {
    const lock = await acquireLock(run);
    process.send?.("taken");
    process.on("message", () => void lock.release().then(() => process.exit(0)));
  } catch (error) {
    process.send?.((error as { code?: string }).code ?? String(error));
    process.disconnect();
  }
}

// Children start one after the other but take the lock together.
process.once("message", () => void main());
process.send?.("ready");
