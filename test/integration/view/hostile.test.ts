import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { type IncomingHttpHeaders, request, type RequestOptions } from "node:http";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { expectDone, sharedFolder, train, unpairedData } from "../../support/commandLine";
import { runKey } from "../../../extension/browserServer/servedFiles";
import { view } from "./viewing";

const root = sharedFolder();
const runs = join(root, ".revgan", "runs");
const run = join(runs, "one");
const ready = JSON.stringify({ type: "ready", version: 1, run: null });

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request as no browser would send it: the path goes as it is. */
function ask(address: string, path: string, options: RequestOptions = {}, body: string | Buffer = ""): Promise<Answer> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, ...options }, (response) => {
      let text = "";
      response.setEncoding("latin1").on("data", (chunk: string) => (text += chunk));
      response.on("end", () => resolve({ status: response.statusCode!, headers: response.headers, body: text }));
      response.on("error", reject);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** The server's paths: its door, and a page that listens to its events. */
async function opened(): Promise<{ address: string; origin: string; door: string; page: string }> {
  const { address } = await view([], root);
  const { origin, pathname: door } = new URL(address);
  const page = (await ask(address, door)).headers.location!;
  await new Promise<void>((resolve, reject) => {
    const events = request(`${origin}${page}events`, (response) => {
      // Ends with the server, whose end is nothing that this test asks about.
      response.on("error", () => undefined);
      response.once("data", () => resolve());
    });
    events.on("error", reject);
    events.end();
  });
  return { address, origin, door, page };
}

beforeAll(async () => expectDone(await train(unpairedData(join(root, "data")), run)));

it("gives the page, its bundle and a run's pictures to who knows the address, and lets nobody keep or frame them", async () => {
  const { address, door, page } = await opened();
  const picture = `${door}samples/${runKey(run)}/000002/a-input-0.png`;
  for (const [path, type] of [
    [page, "text/html; charset=utf-8"],
    [`${door}webview.js`, "text/javascript; charset=utf-8"],
    [`${door}webview.css`, "text/css; charset=utf-8"],
    [picture, "image/png"],
  ] as const) {
    const { status, headers, body } = await ask(address, path);
    expect({ path, status }).toEqual({ path, status: 200 });
    expect(headers).toMatchObject({
      "content-type": type,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
    });
    expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
    expect(body.length).toBeGreaterThan(100);
  }
  expect((await ask(address, picture)).body.slice(1, 4)).toBe("PNG");
});

it("says nothing to who does not know the address", async () => {
  const { address, door, page } = await opened();
  const wrong = `/${"0".repeat(32)}/`;
  for (const path of [
    "/",
    "/webview.js",
    wrong,
    `${wrong}webview.js`,
    page.replace(door, wrong),
    `/${page.slice(door.length)}`,
  ])
    expect(await ask(address, path)).toMatchObject({ status: 404, body: "" });
});

it("says nothing to a page of the web whose name was made to point here", async () => {
  const { address, door, page } = await opened();
  for (const host of ["evil.example", `evil.example:${new URL(address).port}`]) {
    for (const path of [door, page, `${door}webview.js`])
      expect((await ask(address, path, { headers: { host } })).status).toBe(404);
  }
});

describe("of what lies on the disk", () => {
  it("gives nothing but pictures of runs that it knows", async () => {
    cpSync(run, join(root, "outside"), { recursive: true });
    const { address, door } = await opened();
    const samples = `${door}samples/${runKey(run)}/`;
    const paths = [
      `${samples}../../run.json`,
      `${samples}000002/../../run.json`,
      `${samples}%2e%2e/%2e%2e/run.json`,
      `${samples}000002/%2e%2e%2f%2e%2e%2frun.json`,
      `${samples}000002/..%5c..%5crun.json`,
      `${samples}000002/figures.json`,
      `${samples}000002/a-input-0.png%00`,
      `${samples}000003/a-input-0.png`,
      `${door}samples/${runKey(join(root, "outside"))}/000002/a-input-0.png`,
      `${door}samples/${encodeURIComponent(run)}/000002/a-input-0.png`,
      `${door}%2e%2e/viewer.js`,
      `${door}../viewer.js`,
      `${door}webview.js.map`,
    ];
    for (const path of paths)
      expect({ path, ...(await ask(address, path)) }).toMatchObject({ path, status: 404, body: "" });
  });

  it("follows no link out of a run", async () => {
    const secret = join(root, "secret.png");
    writeFileSync(secret, "secret");
    mkdirSync(join(run, "samples", "000009"));
    symlinkSync(secret, join(run, "samples", "000009", "a-input-0.png"));
    const { address, door } = await opened();
    expect(await ask(address, `${door}samples/${runKey(run)}/000009/a-input-0.png`)).toMatchObject({
      status: 404,
      body: "",
    });
  });
});

describe("of messages", () => {
  const headersOf = (origin: string): IncomingHttpHeaders => ({ origin, "content-type": "application/json" });

  it("takes those of its own pages", async () => {
    const { address, origin, page } = await opened();
    expect((await ask(address, `${page}message`, { method: "POST", headers: headersOf(origin) }, ready)).status).toBe(
      204,
    );
  });

  it("takes none of another origin, of no origin, or that a form could send", async () => {
    const { address, origin, page } = await opened();
    const all: IncomingHttpHeaders[] = [
      headersOf("http://evil.example"),
      headersOf("null"),
      { "content-type": "application/json" },
      { origin, "content-type": "text/plain" },
      { origin },
    ];
    for (const headers of all)
      expect((await ask(address, `${page}message`, { method: "POST", headers }, ready)).status).toBe(403);
  });

  it("takes none that is huge, whether it says so or not", async () => {
    const { address, origin, page } = await opened();
    const huge = JSON.stringify({ type: "show", run: "x".repeat(20 * 1024 * 1024) });
    for (const more of [{ "content-length": huge.length }, { "transfer-encoding": "chunked" }]) {
      // An answer, or the line cut while it still sends: both are a refusal.
      const answer = await ask(
        address,
        `${page}message`,
        { method: "POST", headers: { ...headersOf(origin), ...more } },
        huge,
      ).catch((error: unknown) => (error as NodeJS.ErrnoException).code);
      expect(typeof answer === "string" ? answer : answer?.status).toSatisfy(
        (refusal: unknown) => refusal === 400 || refusal === "EPIPE" || refusal === "ECONNRESET",
      );
    }
    expect((await ask(address, `${page}message`, { method: "POST", headers: headersOf(origin) }, ready)).status).toBe(
      204,
    );
  });

  it("takes none that is no message, or of a page that does not listen", async () => {
    const { address, origin, door, page } = await opened();
    const silent = (await ask(address, door)).headers.location!;
    for (const body of [
      "",
      "{",
      "null",
      '{"type":"delete"}',
      '{"type":"show","run":7}',
      '{"type":"ready","version":99,"run":null}',
    ]) {
      expect((await ask(address, `${page}message`, { method: "POST", headers: headersOf(origin) }, body)).status).toBe(
        400,
      );
    }
    for (const other of [silent, `${door}0123456789abcdef/`])
      expect(
        (await ask(address, `${other}message`, { method: "POST", headers: headersOf(origin) }, ready)).status,
      ).toBe(400);
  });

  it("does nothing to a run, whatever is asked", async () => {
    const { address, origin, page } = await opened();
    for (const action of ["deleteRun", "stop", "installEngine"]) {
      const body = JSON.stringify({ type: "act", action, run });
      expect((await ask(address, `${page}message`, { method: "POST", headers: headersOf(origin) }, body)).status).toBe(
        204,
      );
    }
    expect(await ask(address, page)).toMatchObject({ status: 200 });
  });
});

it.each(["POST", "PUT", "DELETE", "HEAD", "OPTIONS"])("has nothing for %s", async (method) => {
  const { address, door, page } = await opened();
  for (const path of [door, page, `${door}webview.js`, `${page}events`])
    expect((await ask(address, path, { method })).status).toBe(404);
  if (method !== "POST") expect((await ask(address, `${page}message`, { method })).status).toBe(404);
});
