import sharp from "sharp";
import { decodeVolume, inspectHeader, inspectVolume } from "../../volumes/decodeVolume";
import { niftiOf, writeNifti } from "../../volumes/niftiWrite";
import { OpenVolumes } from "../../volumes/openVolume";
import { type DecoderLimits, FileFault, firstLine, type Failure } from "./decoderFiles";
import { decodePicture } from "./decodePicture";
import {
  type DecoderMessage,
  fileOf,
  type ImageInfo,
  type Inspection,
  type Result,
  type TaskMessage,
} from "./decoderProtocol";
import { readImage } from "./readImage";
import { thumbnailOf, writeImage } from "./writeImage";

/*
 * The decoder process: reads and writes image and volume files. It is the only process that loads sharp, because a damaged or
 * malicious file may crash the library or keep it busy for ever, and must not take the training with it. See decoderClient.ts.
 */

// The client sends one task at a time, and no file is read twice soon enough for sharp's cache to help.
sharp.concurrency(1);
sharp.cache(false);

const volumes = new OpenVolumes();

async function perform({ task, limits }: TaskMessage): Promise<Result> {
  switch (task.type) {
    case "decode":
      return decodePicture(task.request, limits);
    case "decodeVolume":
      return decodeVolume(task.request, volumes, limits);
    case "inspect":
      return inspect(task.file, task, limits);
    case "inspectAll": {
      const found: (ImageInfo | Failure)[] = [];
      for (const file of task.files)
        found.push(await inspect(file, task, limits).catch((error: unknown) => failureOf(error, file)));
      return found;
    }
    case "encode":
      await writeImage(task.picture, task.file, task.overwrite);
      return null;
    case "thumbnail":
      return thumbnailOf((await readImage(task.file, limits)).raster, task);
    case "encodeVolume":
      await writeNifti(niftiOf(task.volume, task.as, task.description), task.file, task.overwrite);
      return null;
  }
}

async function inspect(
  file: string,
  { intensity, headerOnly = false }: Inspection,
  limits: DecoderLimits,
): Promise<ImageInfo> {
  if (intensity !== null)
    return headerOnly ? inspectHeader(file, limits) : inspectVolume(file, intensity, volumes, limits);
  const { format, raster } = await readImage(file, limits);
  const { height, width, channels, bits } = raster;
  return { format, height, width, channels, bits, alpha: raster.alphaAt !== null };
}

function failureOf(error: unknown, file: string): Failure {
  if (error instanceof FileFault) return { kind: error.kind, message: error.message, remedy: error.remedy };
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
    .catch(
      (error: unknown) =>
        ({ type: "failed", id: message.id, failure: failureOf(error, fileOf(message.task)) }) as const,
    )
    .then(send);
});
// The parent process has ended or crashed, so the decoder ends, too.
process.on("disconnect", () => process.exit(0));
// Ignored, because Ctrl-C in a terminal signals the whole process group, and the parent decides when the decoder ends.
process.on("SIGINT", () => undefined);
send({ type: "ready" });
