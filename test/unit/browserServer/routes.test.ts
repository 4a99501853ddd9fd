import { expect, it } from "vitest";
import { Routes } from "../../../extension/browserServer/routes";

const addresses = new Routes();
const page = "0123456789abcdef";
const run = "0123456789abcdef0123456789abcdef";

it("has 128 random bits in every address", () => {
  expect(addresses.entry).toMatch(/^\/[0-9a-f]{32}\/$/);
  expect(new Routes().entry).not.toBe(addresses.entry);
});

it("tells what an address asks for", () => {
  expect(addresses.parse(addresses.entry)).toEqual({ type: "entry" });
  expect(addresses.parse(addresses.page(page))).toEqual({ type: "page", page });
  expect(addresses.parse(`${addresses.page(page)}events`)).toEqual({ type: "events", page });
  expect(addresses.parse(`${addresses.page(page)}message`)).toEqual({ type: "message", page });
  expect(addresses.parse(`${addresses.entry}webview.js`)).toEqual({ type: "asset", name: "webview.js" });
  expect(addresses.parse(`${addresses.entry}codicon-RLPMVZZA.ttf`)).toEqual({
    type: "asset",
    name: "codicon-RLPMVZZA.ttf",
  });
  expect(addresses.parse(`${addresses.pictures(run, "samples")}000100/a-translated-0.png`)).toEqual({
    type: "sample",
    run,
    step: 100,
    picture: "a-translated-0.png",
  });
  expect(addresses.parse(`${addresses.pictures(run, "evaluation")}test-AtoB.png?1767225600123`)).toEqual({
    type: "evaluation",
    run,
    picture: "test-AtoB.png",
  });
});

it("knows nothing without the secret, or with another one", () => {
  for (const door of [
    "/",
    new Routes().entry,
    addresses.entry.slice(0, -2),
    addresses.entry.toUpperCase(),
    `/${addresses.entry}`,
  ]) {
    expect(addresses.parse(door)).toBeUndefined();
    expect(addresses.parse(`${door}webview.js`)).toBeUndefined();
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
  `evaluation/${run}/test-AtoB.json`,
  `evaluation/${run}/../run.json`,
  `evaluation/${run}/test-AtoB.png?../run.json`,
  `evaluation/${run.slice(1)}/test-AtoB.png`,
  "http://127.0.0.1/webview.js",
])("has nothing at %s", (path) => {
  expect(addresses.parse(addresses.entry + path)).toBeUndefined();
});
