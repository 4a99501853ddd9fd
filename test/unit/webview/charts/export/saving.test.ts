import { expect, test } from "vitest";
import { parseFromWebview } from "../../../../../extension/protocol/panel";
import { fileName } from "../../../../../webview/charts/export/saving";

test.each([
  "run",
  "",
  "..",
  'a/b\\c:d*e?f"g<h>i|j',
  "名前".repeat(200),
  "🐴".repeat(300),
  " .hidden. ",
  "line\nbreak\u0000",
])("a run called %j gives a file name that the host takes", (run) => {
  const name = fileName(run, "generator", "png");
  expect(parseFromWebview({ type: "save", name, base64: "" })).toBeDefined();
  expect(name).toMatch(/^[^.\s-].*-generator\.png$/);
});
