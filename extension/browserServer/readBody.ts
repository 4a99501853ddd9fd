import type { IncomingMessage } from "node:http";

/** Bytes of the largest message; a comparison of as many runs as are allowed, with the longest names, stays below it. */
export const largestMessage = 1024 * 1024;

/** What a request brings, as JSON. @returns undefined if it is too long, cut off, or no JSON */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  if (Number(request.headers["content-length"] ?? 0) > largestMessage) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // Left whole when it is too long: who sent it gets an answer.
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
