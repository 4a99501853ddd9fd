import { expect, it } from "vitest";
import { isLocalHost, isSameOrigin } from "../../../extension/browserServer/http";

it.each(["127.0.0.1:8080", "localhost:8080", "[::1]:9", "localhost"])("answers who asks %s", (host) => {
  expect(isLocalHost({ host })).toBe(true);
});

it.each([
  undefined,
  "",
  "evil.example",
  "evil.example:8080",
  "127.0.0.1.evil.example:8080",
  "localhost.evil.example",
  "127.0.0.1:8080@evil.example",
  "127.0.0.1:8080:8080",
  "x127.0.0.1",
  "0.0.0.0:8080",
])("does not answer who asks %s", (host) => {
  expect(isLocalHost(host === undefined ? {} : { host })).toBe(false);
});

it("takes messages from its own pages alone", () => {
  const host = "127.0.0.1:8080";
  expect(isSameOrigin({ host, origin: "http://127.0.0.1:8080" })).toBe(true);
  for (const origin of [
    undefined,
    "null",
    "http://127.0.0.1:8081",
    "http://localhost:8080",
    "https://127.0.0.1:8080",
    "http://evil.example",
  ]) {
    expect(isSameOrigin(origin === undefined ? { host } : { host, origin })).toBe(false);
  }
});
