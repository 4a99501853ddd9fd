import { dirname } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { languageFor } from "../../../extension/browserServer/languages";
import { Viewer } from "../../../extension/browserServer/viewer";
import { watchRuns } from "../../../extension/browserServer/watchedRuns";
import { storedRun } from "./storedRun";

it.each([
  ["zh-CN,zh;q=0.9,en;q=0.8", "zh-cn"],
  ["zh", "zh-cn"],
  ["zh-Hans-SG", "zh-cn"],
  ["de-DE,de;q=0.9,zh-CN;q=0.8", "zh-cn"],
  ["en-GB,zh-CN;q=0.9", "en"],
  ["zh-TW,zh-HK;q=0.9", "en"],
  ["*", "en"],
  [undefined, "en"],
])("a browser that reads %s gets %s", (accepted, tag) => {
  const language = languageFor(accepted);
  expect(language.tag).toBe(tag);
  expect(language.strings["Losses"]).toBe(tag === "en" ? undefined : "损失");
});

it("the page and what is sent to it are in the browser's language", async () => {
  const run = storedRun(1);
  const viewer = new Viewer(await watchRuns({ cwd: dirname(run), run }, () => undefined), () => undefined);
  onTestFinished(() => viewer.close());
  const headers = { "accept-language": "zh-CN" };
  const page = await fetch(await viewer.listen(null), { headers });
  expect(await page.text()).toContain('<html lang="zh-cn">');
  const events = await fetch(new URL("events", page.url), { headers });
  await fetch(new URL("message", page.url), {
    method: "POST",
    headers: { origin: new URL(page.url).origin, "content-type": "application/json" },
    body: JSON.stringify({ type: "ready", version: 1, run: null }),
  });
  let heard = "";
  for await (const piece of events.body!.pipeThrough(new TextDecoderStream())) {
    heard += piece;
    if (heard.includes('"strings"')) break;
  }
  expect(heard).toContain('"Losses":"损失"');
});
