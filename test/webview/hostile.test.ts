import { afterAll, describe, expect, test } from "vitest";
import type { RunSummary } from "../../extension/protocol/panel";
import { StepColumns } from "../../extension/protocol/stepColumns";
import { eventually, opened } from "./support/opened";
import { closeBrowser, type OpenPage } from "./support/page";
import { exampleConfig, exampleSnapshot, exampleSummary, exampleView, stepLines } from "./support/runs";

afterAll(closeBrowser);

/** What names of folders and files, and what files of others, may hold. */
const hostileTexts = [
  `<img src=x onerror="window.pwned=1">`,
  `<script>window.pwned=1</script>`,
  `"><svg/onload=window.pwned=1>`,
  `javascript:window.pwned=1`,
  `{{constructor.constructor('window.pwned=1')()}}`,
  `\u202Egnp.exe`,
  `</style><script src=//evil.example/x.js></script>`,
  "x".repeat(4000),
];

/** A run that is called, failed with and noted what is hostile. */
function hostileSummary(text: string, i: number): RunSummary {
  return {
    ...exampleSummary({
      id: `/data/${text}/${i}`,
      name: text,
      group: i % 2 === 0 ? null : `/data/${text}`,
      state: "failed",
    }),
    error: { message: text, remedy: text },
  };
}

/** Watches what a page asks for, and whether a script of a text has run. */
function watched({ page }: OpenPage): () => Promise<void> {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  page.on("dialog", () => asked.push("a dialog"));
  return async () => {
    const own = new URL(page.url()).origin;
    expect(asked.filter((url) => !url.startsWith(own) && !/^(blob|data):/.test(url))).toEqual([]);
    expect(await page.evaluate("window.pwned")).toBeUndefined();
    expect(await page.locator("script").count()).toBe(1);
    expect(await page.locator("[onerror], [onload]").count()).toBe(0);
  };
}

describe.each(["panel", "side"] as const)("in the %s", (view) => {
  test.each(hostileTexts.map((text, i) => [text.slice(0, 40), text, i] as const))(
    "%s is text wherever it is shown",
    async (_name, text, i) => {
      const open = await opened({ view, width: view === "side" ? 300 : 1280 });
      const requireCalm = watched(open);
      const shown = exampleView({ state: "failed" });
      const run = hostileSummary(text, i);
      const config = { ...exampleConfig, data: { ...exampleConfig.data, path: text } };
      await open.send({
        ...exampleSnapshot(),
        runs: [run, ...exampleSnapshot().runs.slice(1)],
        shown: { ...shown, run, config },
      });
      // As it is, and cut off only by the space that there is.
      await eventually(
        "the name as text",
        async () => (await open.page.getByRole("heading", { level: 1 }).textContent())?.includes(text) === true,
      );
      await eventually(
        "the error as text",
        async () => (await open.page.locator("main").textContent())!.split(text).length > 2,
      );
      expect(await open.page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(
        view === "side" ? 300 : 1280,
      );
      await requireCalm();
    },
  );

  test("losses of hostile names, and numbers at the ends of what there is, are drawn and listed", async () => {
    const open = await opened({ view, width: view === "side" ? 300 : 1280 });
    const requireCalm = watched(open);
    const columns = new StepColumns();
    const ends = [1.7976931348623157e308, -1.7976931348623157e308, 5e-324, -0, 1e21, 123456789.123456789];
    const lines = stepLines(1, 60).map((line, i) => ({
      ...line,
      losses: {
        ...Object.fromEntries(hostileTexts.map((text) => [text, ends[i % ends.length]!])),
        __proto__x: 1,
        constructor: ends[i % ends.length]!,
        G_A: ends[i % ends.length]!,
      },
      seconds: i % 2 === 0 ? 1e300 : 0,
      residentBytes: Number.MAX_SAFE_INTEGER,
    }));
    for (const line of lines) columns.append(line);
    const shown = exampleView();
    await open.send({
      ...exampleSnapshot(),
      shown: { ...shown, steps: columns.encode(), lastStepLine: lines.at(-1)! },
    });
    // The last of them beside a curve's name: the page before had other ones.
    await eventually("the losses", async () => (await open.page.locator("main").textContent())!.includes("1.235E8"));
    await open.page.locator("canvas").first().waitFor();
    if (view === "panel")
      for (const text of hostileTexts) expect(await open.page.locator("main").textContent()).toContain(text);
    await requireCalm();
  });

  test("messages that are none, or far from what is agreed, are passed over: the page asks for everything anew, once", async () => {
    const open = await opened({ view, width: view === "side" ? 300 : 1280 });
    const requireCalm = watched(open);
    const before = open.sent().length;
    const odd: Record<string, unknown>[] = [
      { type: "runs", runs: [{ ...exampleSummary(), name: 7 }], actions: [] },
      { type: "snapshot", version: 1, strings: { Training: 1 }, runs: "all", shown: null, actions: [] },
      { type: "steps", run: exampleSummary().id, from: -1, steps: {}, lastStepLine: null, validations: [] },
      {
        type: "samples",
        run: exampleSummary().id,
        samples: { base: "https://evil.example/", steps: [100], pictures: ["../../secret.png"] },
      },
      { type: "html", html: hostileTexts[0] },
    ];
    for (const message of odd) await open.send(message);
    await eventually("the page that asks again", () =>
      open
        .sent()
        .slice(before)
        .some(({ type }) => type === "ready"),
    );
    await open.page.getByRole("heading", { level: 1, name: exampleSummary().name }).waitFor();
    await requireCalm();
  });
});
