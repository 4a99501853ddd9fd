import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { download, type DownloadJob } from "../../../../extension/trainer/engines/install/download";
import type { InstallProgress } from "../../../../extension/trainer/engines/install/progress";
import { sendRange, sendThenCut, serve } from "./fileServer";
import { errorOf, scratchFolder, sha256 } from "../scratch";

const data = randomBytes(400_000);
const timeouts = { firstContactMs: 1500, stallMs: 500, tries: 3, pauseMs: 20 };

function job(url: string, more: Partial<DownloadJob> = {}): DownloadJob {
  return {
    url: `${url}/x.whl`,
    file: join(scratchFolder(), "x.whl"),
    size: data.length,
    sha256: sha256(data),
    timeouts,
    ...more,
  };
}

describe("download", () => {
  it("fetches and checks a file, and tells how far it is", async () => {
    const server = await serve((request, response) => sendRange(data, request, response));
    const events: InstallProgress[] = [];
    const one = job(server.url, { onProgress: (event) => events.push(event) });
    await download(one);
    expect(readFileSync(one.file).equals(data)).toBe(true);
    expect(existsSync(`${one.file}.part`)).toBe(false);
    expect(events.filter(({ phase }) => phase === "download").at(-1)).toMatchObject({
      bytes: data.length,
      totalBytes: data.length,
    });
    expect(events.at(-1)).toMatchObject({ phase: "verify", bytes: data.length });
  });

  it("goes on where a cut transfer stopped", async () => {
    let kept = 0;
    const server = await serve((request, response, count) => {
      if (count === 1) {
        sendThenCut(data, 150_000, response);
        return;
      }
      kept = statSync(`${one.file}.part`).size;
      sendRange(data, request, response);
    });
    const one = job(server.url);
    await download(one);
    expect(readFileSync(one.file).equals(data)).toBe(true);
    // What had not been read yet when the transfer was cut is lost.
    expect(server.ranges).toEqual([null, `bytes=${kept}-`]);
    expect(kept).toBeGreaterThan(0);
  });

  it("begins again when the server does not know ranges", async () => {
    const server = await serve(
      (_request, response) => void response.writeHead(200, { "content-length": data.length }).end(data),
    );
    const one = job(server.url);
    writeFileSync(`${one.file}.part`, data.subarray(0, 1000));
    await download(one);
    expect(readFileSync(one.file).equals(data)).toBe(true);
    expect(server.ranges).toEqual(["bytes=1000-"]);
  });

  it("begins again when the server refuses the range", async () => {
    const server = await serve((request, response) =>
      request.headers.range === undefined ? sendRange(data, request, response) : void response.writeHead(416).end(),
    );
    const one = job(server.url);
    writeFileSync(`${one.file}.part`, data.subarray(0, 1000));
    await download(one);
    expect(server.ranges).toEqual(["bytes=1000-", null]);
  });

  it("asks for nothing when the whole file is there already", async () => {
    const server = await serve((request, response) => sendRange(data, request, response));
    const one = job(server.url);
    writeFileSync(`${one.file}.part`, data);
    await download(one);
    writeFileSync(one.file, data);
    await download(one);
    expect(server.ranges).toEqual([]);
  });

  it("deletes a file with another hash and says so", async () => {
    const other = randomBytes(data.length);
    const server = await serve((request, response) => sendRange(other, request, response));
    const one = job(server.url);
    const error = await errorOf(download(one));
    expect(error.code).toBe("download");
    expect(error.message).toContain("SHA-256");
    expect(existsSync(one.file) || existsSync(`${one.file}.part`)).toBe(false);
  });

  it("refuses a file of another size before fetching it", async () => {
    const server = await serve(
      (_request, response) => void response.writeHead(200, { "content-length": 12 }).end("hello, hello"),
    );
    const error = await errorOf(download(job(server.url)));
    expect(error.message).toContain("12 bytes instead of 400000");
  });

  it("refuses a redirect to another host", async () => {
    const other = await serve((request, response) => sendRange(data, request, response));
    const server = await serve(
      (_request, response) => void response.writeHead(302, { location: `${other.url}/x.whl` }).end(),
    );
    const error = await errorOf(download(job(server.url)));
    expect(error.code).toBe("download");
    expect(error.message).toContain("another host");
    expect(other.ranges).toEqual([]);
  });

  it("follows a redirect on the same host", async () => {
    const server = await serve((request, response) =>
      request.url === "/x.whl"
        ? void response.writeHead(301, { location: "/y.whl" }).end()
        : sendRange(data, request, response),
    );
    const one = job(server.url);
    await download(one);
    expect(readFileSync(one.file).equals(data)).toBe(true);
  });

  it("keeps what it has when the user stops it, and goes on from there in the next run", async () => {
    const stop = new AbortController();
    const server = await serve((request, response, count) => {
      if (count > 1) {
        sendRange(data, request, response);
        return;
      }
      response.writeHead(200, { "content-length": data.length });
      response.write(data.subarray(0, 120_000), () => setTimeout(() => stop.abort(), 50));
    });
    const one = job(server.url, { signal: stop.signal });
    const error = await errorOf(download(one));
    expect(error.code).toBe("interrupted");
    expect(error.exitCode).toBe(130);
    expect(error.remedy).toContain("go on from 120.0 kB");
    await download({ ...one, signal: new AbortController().signal });
    expect(server.ranges).toEqual([null, "bytes=120000-"]);
    expect(readFileSync(one.file).equals(data)).toBe(true);
  });

  it("says in one line that a host cannot be reached, and how to do without", async () => {
    const began = Date.now();
    const error = await errorOf(download(job("http://127.0.0.1:1")));
    expect(error.code).toBe("download");
    expect(error.message).toMatch(/^127\.0\.0\.1:1 cannot be reached \(.+\)$/);
    expect(error.message).not.toContain("\n");
    expect(error.remedy).toContain("--from");
    expect(Date.now() - began).toBeLessThan(3000);
  });

  it("gives up on a server that says nothing", async () => {
    const server = await serve(() => undefined);
    const began = Date.now();
    const error = await errorOf(download(job(server.url)));
    expect(error.message).toContain("did not answer in time");
    expect(Date.now() - began).toBeLessThan(4000);
  });

  it("goes on after a pause that is too long", async () => {
    const server = await serve((request, response, count) => {
      if (count > 1) {
        sendRange(data, request, response);
        return;
      }
      response.writeHead(200, { "content-length": data.length });
      response.write(data.subarray(0, 90_000));
    });
    const one = job(server.url);
    await download(one);
    expect(server.ranges).toEqual([null, "bytes=90000-"]);
  });

  it("asks a busy server again, and a server without the file not", async () => {
    const busy = await serve((request, response, count) =>
      count === 1 ? void response.writeHead(503).end() : sendRange(data, request, response),
    );
    await download(job(busy.url));
    expect(busy.ranges).toHaveLength(2);
    const empty = await serve((_request, response) => void response.writeHead(404).end());
    const error = await errorOf(download(job(empty.url)));
    expect(error.message).toContain("404");
    expect(empty.ranges).toHaveLength(1);
  });

  it("gives up when the line is cut again and again without bringing anything", async () => {
    const server = await serve((_request, response, count) =>
      count === 1 ? sendThenCut(data, 100, response) : void response.destroy(),
    );
    const error = await errorOf(download(job(server.url)));
    expect(error.message).toContain("broke off");
    expect(server.ranges).toEqual([null, "bytes=100-", "bytes=100-"]);
  });
});
