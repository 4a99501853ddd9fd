import { DiskFull, RevganError } from "../protocol/errors";

/**
 * Turns a failed write into an error for the user.
 *
 * @param error the error that Node threw
 * @param file the file that was being written
 * @param run the run folder, if the write belongs to one that can be resumed
 * @returns a RevganError `disk`, which is a {@link DiskFull} if freeing space would help; an error that does not come from the file system
 * is returned unchanged
 */
export function asDiskError(error: unknown, file: string, run?: string): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (error instanceof RevganError || code === undefined || !/^E[A-Z0-9]+$/.test(code)) return error;
  const then = run === undefined ? "then try again" : `then go on with \`revgan resume ${run}\``;
  const failure = (message: string, remedy: string) => new RevganError("disk", message, remedy, { cause: error });
  switch (code) {
    case "ENOSPC":
      return new DiskFull(`the disk is full while writing ${file}`, `free some space, ${then}`, { cause: error });
    case "EDQUOT":
      return new DiskFull(`your quota on the disk is used up while writing ${file}`, `free some space, ${then}`, {
        cause: error,
      });
    case "EACCES":
    case "EPERM":
      return failure(`${file} cannot be written: permission denied`, `allow writing in its folder, ${then}`);
    case "EROFS":
      return failure(
        `${file} cannot be written: the disk is read-only`,
        `make it writable or use a folder elsewhere, ${then}`,
      );
    default:
      return failure(`${file} cannot be written (${code})`, `check the disk and the folder, ${then}`);
  }
}

/** Runs a write and turns its failure into a RevganError `disk`. */
export async function explainingDiskErrors<T>(
  file: string,
  run: string | undefined,
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw asDiskError(error, file, run);
  }
}
