import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll } from "vitest";

export type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

export interface FileServer {
  url: string;
  /** The Range header of each request so far, null where it had none. */
  ranges: (string | null)[];
}

const servers: Server[] = [];
afterAll(() =>
  servers.forEach((server) => {
    server.closeAllConnections();
    server.close();
  }),
);

/** A real HTTP server on 127.0.0.1 that ends with the test file. `count` is 1 for the first request. */
export async function serve(handler: Handler): Promise<FileServer> {
  const ranges: (string | null)[] = [];
  const server = createServer((request, response) => {
    ranges.push(request.headers.range ?? null);
    handler(request, response, ranges.length);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  servers.push(server);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ranges };
}

/** Sends a file as a good server does, from where the client asks. */
export function sendRange(data: Buffer, request: IncomingMessage, response: ServerResponse): void {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? -1);
  if (from < 0) {
    response.writeHead(200, { "content-length": data.length }).end(data);
    return;
  }
  if (from >= data.length) {
    response.writeHead(416, { "content-range": `bytes */${data.length}` }).end();
    return;
  }
  response
    .writeHead(206, {
      "content-length": data.length - from,
      "content-range": `bytes ${from}-${data.length - 1}/${data.length}`,
    })
    .end(data.subarray(from));
}

/** Promises the whole file and cuts the connection after `bytes` of it. */
export function sendThenCut(data: Buffer, bytes: number, response: ServerResponse): void {
  response.writeHead(200, { "content-length": data.length });
  response.write(data.subarray(0, bytes), () => setTimeout(() => response.destroy(), 20));
}
