import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";

/**
 * Whether the Host header names this machine. With DNS rebinding a foreign page's name resolves to 127.0.0.1, but its requests still
 * carry that name. Any port is accepted: a forwarded one (`ssh -L`) has another number in the browser.
 */
export function isLocalHost({ host = "" }: IncomingHttpHeaders): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/.test(host);
}

/** Whether a POST request comes from a page of this server. Browsers send the Origin header with every POST. */
export function isSameOrigin({ host, origin }: IncomingHttpHeaders): boolean {
  return host !== undefined && origin === `http://${host}`;
}

/** Bytes of the largest message. A comparison of the most runs that the protocol permits, with the longest names, stays below it. */
export const largestMessage = 1024 * 1024;

/** Parses a request's body as JSON. @returns undefined if it is too long, cut off, or no JSON */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  if (Number(request.headers["content-length"] ?? 0) > largestMessage) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // The request is not destroyed when it is too long, so that it can still be answered.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      const bytes = chunk as Buffer;
      size += bytes.length;
      if (size > largestMessage) return undefined;
      chunks.push(bytes);
    }
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    return undefined;
  }
}

/**
 * Sent with every response. The page's own policy in its `meta` element is stricter, but `frame-ancestors` works in a header only.
 * `no-store`: no picture stays in the browser's cache.
 */
const headers = {
  "Content-Security-Policy":
    "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cache-Control": "no-store",
} as const;

/** Writes the status and the headers. */
export function writeHead(
  response: ServerResponse,
  status: number,
  more: Readonly<Record<string, string | number>> = {},
): void {
  response.writeHead(status, { ...headers, ...more });
}

/** Sends a whole response. */
export function reply(
  response: ServerResponse,
  status: number,
  type = "text/plain; charset=utf-8",
  body: string | Buffer = "",
): void {
  writeHead(
    response,
    status,
    status === 204 ? {} : { "Content-Type": type, "Content-Length": Buffer.byteLength(body) },
  );
  response.end(body);
}
