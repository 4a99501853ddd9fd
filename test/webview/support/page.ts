import type { Browser, Page } from "playwright-core";
import type { Config } from "../../../extension/configuration/config";
import { parseFromWebview, type FromWebview, type ToWebview } from "../../../extension/protocol/panel";
import type { PageParts } from "../../../extension/host/webviewHtml";
import { theoryOf } from "../../../extension/host/theoryForPanel";
import { launchBrowser, openPage as openBlankPage } from "../../support/browser/browser";
import { servePage } from "./pageServer";
import { exampleSnapshot, type Snapshot } from "./runs";
import { themes, type ThemeName } from "./themes";
import { vscodeHostScript } from "./vscodeHost";

/** What to open. */
export interface PageOptions {
  readonly view?: PageParts["view"];
  /** The host is VS Code with this theme; null: the page stands in a plain browser, as that of `revgan view`. */
  readonly theme?: ThemeName | null;
  /** In CSS pixels. */
  readonly width?: number;
  readonly height?: number;
  /** The answer to `ready`; null: none comes. */
  readonly snapshot?: Snapshot | null;
  readonly reducedMotion?: boolean;
  readonly colorScheme?: "light" | "dark";
}

/** A page in a real browser, and the host that it talks to. */
export interface OpenPage {
  readonly page: Page;
  /** What the page said so far; each was checked as a host checks it. */
  sent(): FromWebview[];
  /** Says something to the page, as it is: also what no host should say. */
  send(message: ToWebview | Record<string, unknown>): Promise<void>;
  /** Changes the theme as VS Code does, without a reload. */
  setTheme(theme: ThemeName): Promise<void>;
  /** Errors of the page's console, violations of its policy among them, and messages that no host would take. */
  errors(): string[];
  /** Breaks the connection of a plain browser, which then comes back by itself. */
  disconnect(): void;
  close(): Promise<void>;
}

let browser: Promise<Browser> | undefined;

const theories = new Map<string, ReturnType<typeof theoryOf>>();

/** Counted once a process: nearly every page of the tests asks for the same. */
function theoryFor(config: Config, depths: readonly number[]): ReturnType<typeof theoryOf> {
  const key = JSON.stringify([config, depths]);
  const theory = theories.get(key) ?? theoryOf(config, undefined, depths);
  theories.set(key, theory);
  return theory;
}

/** Opens the panel or the side view in Chromium, with a host that answers `ready` with the snapshot, and `theory`. */
export async function openPage(options: PageOptions = {}): Promise<OpenPage> {
  const {
    view = "panel",
    theme = "dark",
    width = 1280,
    height = 900,
    snapshot = exampleSnapshot(),
    reducedMotion = false,
    colorScheme = "dark",
  } = options;
  const [sent, errors]: [FromWebview[], string[]] = [[], []];
  const server = await servePage(view, theme === null, received);
  browser ??= launchBrowser();
  const page = await openBlankPage(await browser, { width, height, colorScheme, reducedMotion });
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  if (theme !== null) {
    await page.exposeFunction("revganSent", received);
    await page.addInitScript({ content: vscodeHostScript(themes[theme], view) });
  }

  function received(value: unknown): void {
    const message = parseFromWebview(value);
    if (message === undefined) {
      errors.push(`no message of a webview: ${JSON.stringify(value)}`);
      return;
    }
    sent.push(message);
    if (message.type === "ready" && snapshot !== null) void send(snapshot);
    const config = snapshot?.shown?.config;
    if (message.type === "theory" && config != null)
      void theoryFor(config, message.depths).then((theory) => send({ type: "theory", run: message.run, theory }));
  }

  async function send(message: unknown): Promise<void> {
    if (theme === null) server.publish(message);
    // The page may be gone by now: the test is over, or it reloads and asks again.
    else
      await page
        .evaluate(
          (value) =>
            (globalThis as unknown as { postMessage(value: unknown, origin: string): void }).postMessage(value, "*"),
          message,
        )
        .catch(() => undefined);
  }

  await page.goto(server.address);
  if (snapshot !== null) await page.locator("main h1:visible").first().waitFor();
  return {
    page,
    send,
    sent: () => [...sent],
    setTheme: (name) =>
      page.evaluate(
        (value) => (globalThis as unknown as { revganTheme(theme: unknown): void }).revganTheme(value),
        themes[name],
      ),
    errors: () => [...errors],
    disconnect: () => server.disconnect(),
    close: async () => {
      await page.context().close();
      await server.close();
    },
  };
}

/** Ends the browser; after all tests of a file. */
export async function closeBrowser(): Promise<void> {
  const open = await browser;
  browser = undefined;
  await open?.close();
}
