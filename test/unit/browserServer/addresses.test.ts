import { expect, it } from "vitest";
import { Addresses } from "../../../extension/browserServer/addresses";

const addresses = new Addresses();
const page = "0123456789abcdef";
const run = "0123456789abcdef0123456789abcdef";

it("has 128 random bits in every address", () => {
  expect(addresses.door).toMatch(/^\/[0-9a-f]{32}\/$/);
  expect(new Addresses().door).not.toBe(addresses.door);
});

it("tells what an address asks for", () => {
  expect(addresses.route(addresses.door)).toEqual({ type: "door" });
  expect(addresses.route(addresses.page(page))).toEqual({ type: "page", page });
  expect(addresses.route(`${addresses.page(page)}events`)).toEqual({ type: "events", page });
  expect(addresses.route(`${addresses.page(page)}message`)).toEqual({ type: "message", page });
  expect(addresses.route(`${addresses.door}webview.js`)).toEqual({ type: "asset", name: "webview.js" });
  expect(addresses.route(`${addresses.door}codicon-RLPMVZZA.ttf`)).toEqual({
    type: "asset",
    name: "codicon-RLPMVZZA.ttf",
  });
  expect(addresses.route(`${addresses.samples(run)}000100/a-translated-0.png`)).toEqual({
    type: "sample",
    run,
    step: 100,
    picture: "a-translated-0.png",
  });
});

it("knows nothing without the secret, or with another one", () => {
  for (const door of [
    "/",
    new Addresses().door,
    addresses.door.slice(0, -2),
    addresses.door.toUpperCase(),
    `/${addresses.door}`,
  ]) {
    expect(addresses.route(door)).toBeUndefined();
    expect(addresses.route(`${door}webview.js`)).toBeUndefined();
  }
});

it.each([
  "webview.js.map",
  "webview.js%00",
  "../package.json",
  "%2e%2e/package.js",
  "..%2fpackage.js",
  "webview/webview.js",
  ".hidden.js",
  "a.b.js",
  `${page}/../webview.js`,
  `${page}/samples`,
  `${page}x/`,
  `samples/${run}/000100/`,
  `samples/${run}/000100/figures.json`,
  `samples/${run}/000100/../../run.json`,
  `samples/${run}/000100/%2e%2e%2f%2e%2e%2frun.json`,
  `samples/${run}/../a-input-0.png`,
  `samples/${run}/00010/a-input-0.png`,
  `samples/${run}/0000100/a-input-0.png`,
  `samples/${run}/000100/a-input-0.png%00.png`,
  `samples/${run}/000100/a-input-0.png/`,
  `samples/${run.slice(1)}/000100/a-input-0.png`,
  "samples//etc/passwd",
  "http://127.0.0.1/webview.js",
])("has nothing at %s", (path) => {
  expect(addresses.route(addresses.door + path)).toBeUndefined();
});
