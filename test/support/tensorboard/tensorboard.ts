import { join } from "node:path";
import { expect } from "vitest";
import { ended } from "../programs";

/** The contents of a folder of event files, as read by TensorBoard itself. */
export interface ReadEvents {
  /** For each tag the scalars, as step, value, and time in seconds since 1970. */
  readonly scalars: Readonly<Record<string, [number, number, number][]>>;
  /** For each tag the images, as step, width, height, and the SHA-256 of the PNG file. */
  readonly images: Readonly<Record<string, [number, number, number, string][]>>;
  /** The data that the HParams plugin reads, by tag. */
  readonly hparams: Readonly<Record<string, object>>;
}

/** Reads a folder of event files with TensorBoard, which `npm test -- --full` installs. */
export async function readWithTensorBoard(folder: string): Promise<ReadEvents> {
  const python = process.env["REVGAN_TENSORBOARD_PYTHON"];
  if (python === undefined) throw new Error("TensorBoard is not installed: run the test by `npm test -- --full FILE`");
  const { code, stdout, stderr } = await ended(python, [join(import.meta.dirname, "readEvents.py"), folder]);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as ReadEvents;
}
