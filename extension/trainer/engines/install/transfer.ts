import { open } from "node:fs/promises";
import { RevganError } from "../../../protocol/errors";
import { asInstallDiskError } from "./installErrors";

/** A failure that a retry may avoid: a broken connection, a busy server, a timeout. */
export class TransientFailure extends Error {
  override readonly name = "TransientFailure";
}

export interface TransferRequest {
  url: string;
  /** Path of the file to which the received bytes are appended. */
  part: string;
  /** Bytes that the file already has; the server is asked for the bytes after them. */
  from: number;
  /** Bytes of the complete file. */
  size: number;
  /** Milliseconds to wait for the server's first answer (`answerMs`), and for each piece after it (`stallMs`). */
  answerMs: number;
  stallMs: number;
  signal?: AbortSignal | undefined;
  /** Called with the number of bytes that the file has so far. */
  onBytes: (bytes: number) => void;
}

/**
 * `from` is the offset in the file at which the body begins: the requested one (206), or 0 where the server sends the complete file (200).
 */
type OpenedTransfer = { response: Response; from: number };

/**
 * Asks once for the missing bytes and appends them to the file. Everything that arrived is in the file, also after an error.
 * @throws TransientFailure, RevganError `download` or `disk` for what no retry can fix, the AbortError of `signal`
 */
export async function transferOnce(request: TransferRequest): Promise<void> {
  const watchdog = new AbortController();
  let timer = setTimeout(() => watchdog.abort(), request.answerMs);
  const signal = request.signal ? AbortSignal.any([request.signal, watchdog.signal]) : watchdog.signal;
  try {
    const { response, from } = await openTransfer(request, signal);
    const restart = () => {
      clearTimeout(timer);
      timer = setTimeout(() => watchdog.abort(), request.stallMs);
    };
    restart();
    await appendBody(request, response, from, restart);
  } catch (error) {
    if (request.signal?.aborted === true || error instanceof RevganError || error instanceof TransientFailure)
      throw error;
    if (watchdog.signal.aborted) throw new TransientFailure("the server did not answer in time", { cause: error });
    throw new TransientFailure(reasonOf(error), { cause: error });
  } finally {
    clearTimeout(timer);
    watchdog.abort();
  }
}

async function openTransfer(request: TransferRequest, signal: AbortSignal): Promise<OpenedTransfer> {
  let url = new URL(request.url);
  const headers: Record<string, string> = { "accept-encoding": "identity" };
  if (request.from > 0) headers["range"] = `bytes=${request.from}-`;
  for (let hops = 0; hops < 5; hops++) {
    const response = await fetch(url, { headers, redirect: "manual", signal });
    const location = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || location === null)
      return { response, from: firstByteOffset(request, response) };
    await response.body?.cancel();
    const next = new URL(location, url);
    // The hash detects a changed file, but a redirect must not lead to a host other than the named mirror.
    if (next.origin !== url.origin)
      throw transferError(
        `${url.host} sends the download on to another host, ${next.host}`,
        `name the mirror that has the file in REVGAN_PYPI`,
      );
    url = next;
  }
  throw transferError(`${url.host} redirects in a circle`, "name another mirror in REVGAN_PYPI");
}

/** The offset in the file at which the answer's first byte belongs. */
function firstByteOffset(request: TransferRequest, response: Response): number {
  const { status } = response;
  const host = new URL(request.url).host;
  if (status === 206) {
    const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get("content-range") ?? "");
    if (Number(range?.[1]) !== request.from)
      throw new TransientFailure(`${host} sent another range than was asked for`);
    checkSize(range![2] === "*" ? null : Number(range![2]), request, host);
    return request.from;
  }
  if (status === 200) {
    const length = response.headers.get("content-length");
    checkSize(length === null ? null : Number(length), request, host);
    return 0;
  }
  if (status === 416) throw new RangeRefused(`${host} has no bytes after ${request.from}`);
  if (status === 408 || status === 429 || status >= 500) throw new TransientFailure(`${host} answered ${status}`);
  throw transferError(
    `${host} answered ${status} for ${request.url}`,
    "check the network and REVGAN_PYPI, or fetch the file elsewhere and name it with --from",
  );
}

/**
 * Thrown when the server has no bytes at the requested offset (416): the partial file does not belong to the server's file, so the caller
 * deletes it and starts again.
 */
export class RangeRefused extends TransientFailure {}

function checkSize(size: number | null, request: TransferRequest, host: string): void {
  if (size === null || size === request.size) return;
  throw transferError(
    `${host} has another file than expected: ${size} bytes instead of ${request.size}`,
    "check REVGAN_PYPI, or fetch the file elsewhere and name it with --from",
  );
}

async function appendBody(
  request: TransferRequest,
  response: Response,
  from: number,
  alive: () => void,
): Promise<void> {
  const file = await open(request.part, from > 0 ? "r+" : "w").catch((error: unknown) => {
    throw asInstallDiskError(error, request.part);
  });
  let at = from;
  try {
    for await (const chunk of response.body ?? []) {
      alive();
      const bytes = chunk as Uint8Array;
      if (at + bytes.length > request.size)
        throw transferError(`the server sent more than the ${request.size} bytes of the file`, "check REVGAN_PYPI");
      await file.write(bytes, 0, bytes.length, at).catch((error: unknown) => {
        throw asInstallDiskError(error, request.part);
      });
      at += bytes.length;
      request.onBytes(at);
    }
  } finally {
    await file.close();
  }
  if (at < request.size) throw new TransientFailure(`the connection ended after ${at} of ${request.size} bytes`);
}

function transferError(message: string, remedy: string): RevganError {
  return new RevganError("download", message, remedy);
}

/**
 * The message of the innermost cause, because fetch itself only says "fetch failed". Where there is one error for each address tried, the
 * first.
 */
function reasonOf(error: unknown): string {
  let at: unknown = error;
  while (at instanceof Error && at.cause instanceof Error) at = at.cause;
  if (at instanceof AggregateError && at.errors[0] instanceof Error) at = at.errors[0];
  return at instanceof Error ? at.message || at.name : String(at);
}
