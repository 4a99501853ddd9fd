import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { RevganError } from "../../../extension/protocol/errors";
import { smallZip, type ZipMember } from "../../support/smallZip";

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A fresh folder that goes away with the test file. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "revgan-engines-"));
  folders.push(folder);
  return folder;
}

export function sha256(data: Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}

/** The RevganError that a promise ends with. */
export async function errorOf(promise: Promise<unknown>): Promise<RevganError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof RevganError) return error;
  throw new Error(`not a RevganError but ${String(error)}`);
}

/** What a wheel of TensorFlow for Linux holds, in little: its libraries, some needed headers, licences, and much else. */
export const wheelMembers: readonly ZipMember[] = [
  { name: "tensorflow/__init__.py", content: "import everything" },
  { name: "tensorflow/libtensorflow_cc.so.2", content: "the api library ".repeat(1000) },
  { name: "tensorflow/libtensorflow_framework.so.2", content: "the framework" },
  { name: "tensorflow/include/tensorflow/c/c_api.h", content: "// c_api" },
  { name: "tensorflow/include/tensorflow/c/eager/c_api.h", content: "// eager" },
  { name: "tensorflow/include/tsl/platform/ctstring.h", content: "// ctstring" },
  { name: "tensorflow/include/Eigen/Core.h", content: "// much" },
  { name: "tensorflow/include/LICENSE", content: "Apache" },
  { name: "tensorflow/THIRD_PARTY_NOTICES.txt", content: "notices" },
];

export const smallWheel = smallZip(wheelMembers);
