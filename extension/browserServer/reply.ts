import type { ServerResponse } from "node:http";

/**
 * With every answer. The page's own policy is stricter; this one also says what only a header can: that no page may frame it.
 * Nothing is kept: whoever uses this machine after us finds no pictures.
 */
const always = {
  "Content-Security-Policy":
    "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cache-Control": "no-store",
} as const;

/** Begins an answer. */
export function begin(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string | number>> = {},
): void {
  response.writeHead(status, { ...always, ...headers });
}

/** A whole answer. */
export function reply(
  response: ServerResponse,
  status: number,
  type = "text/plain; charset=utf-8",
  body: string | Buffer = "",
): void {
  begin(response, status, status === 204 ? {} : { "Content-Type": type, "Content-Length": Buffer.byteLength(body) });
  response.end(body);
}
