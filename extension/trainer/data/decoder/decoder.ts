import sharp from "sharp";
import { decodeVolume } from "../../volumes/decodeVolume";
import { inspectVolume } from "../../volumes/inspectVolume";
import { niftiOf } from "../../volumes/niftiOutput";
import { writeNifti } from "../../volumes/niftiWrite";
import { OpenVolumes } from "../../volumes/openVolume";
import { readImage } from "./codecRead";
import { writeImage } from "./codecWrite";
import { decodePicture } from "./codecPicture";
import type { DecoderMessage, Task, TaskMessage } from "./decoderProtocol";
import type { Failure } from "./fileFault";
import { FileFault } from "./fileFault";
import { firstLine } from "./limitedFile";

/*
 * The decoder process: files in, numbers out, and back. It alone loads the image library, because a file made or damaged so
 * as to crash that library, or to keep it busy for ever, must not take the training with it. See decoderClient.ts.
 */

// One task at a time, so one thread; nothing is read twice soon enough for the library's cache.
sharp.concurrency(1);
sharp.cache(false);

const volumes = new OpenVolumes();

async function perform({ task, limits }: TaskMessage): Promise<Extract<DecoderMessage, { type: "done" }>["result"]> {
  switch (task.type) {
    case "decode":
      return decodePicture(task.request, limits);
    case "decodeVolume":
      return decodeVolume(task.request, volumes, limits);
    case "inspect": {
      if (task.intensity !== null) return inspectVolume(task.file, task.intensity, volumes, limits);
      const { format, raster } = await readImage(task.file, limits);
      const { height, width, channels, bits } = raster;
      return { format, height, width, channels, bits, alpha: raster.alphaAt !== null };
    }
    case "encode":
      await writeImage(task.picture, task.file, task.overwrite);
      return null;
    case "encodeVolume":
      await writeNifti(niftiOf(task.volume, task.as, task.description), task.file, task.overwrite);
      return null;
  }
}

function failureOf(error: unknown, task: Task): Failure {
  if (error instanceof FileFault) return { kind: error.kind, message: error.message, remedy: error.remedy };
  const file = "request" in task ? task.request.file : task.file;
  return {
    kind: "file",
    message: `${file} could not be handled: ${firstLine(error)}`,
    remedy: "replace it, or remove it",
  };
}

function send(message: DecoderMessage): void {
  process.send?.(message);
}

process.on("message", (message: TaskMessage) => {
  void perform(message)
    .then((result) => ({ type: "done", id: message.id, result }) as const)
    .catch((error: unknown) => ({ type: "failed", id: message.id, failure: failureOf(error, message.task) }) as const)
    .then(send);
});
// The training process is gone, whatever the way.
process.on("disconnect", () => process.exit(0));
// Ctrl-C in a terminal reaches the whole group; the training process decides when it is over.
process.on("SIGINT", () => undefined);
send({ type: "ready" });
