import { type ChildProcess, spawn } from "node:child_process";
import type { Browser, Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";
import { openPage } from "../../support/browser/browser";
import { until } from "../../support/browser/until";
import { cliProgram, type Ended } from "../../support/programs";

/** A `revgan view` that serves. */
export interface View {
  /** As it was printed. */
  readonly address: string;
  readonly process: ChildProcess;
  /** When it has ended, and with it everything that holds its output. */
  readonly ended: Promise<Ended>;
}

/** Starts `revgan view` as the leader of a process group, as in a terminal, and waits for its address. Its group is killed after the test. */
export async function view(args: readonly string[], cwd: string): Promise<View> {
  const child = spawn(process.execPath, [cliProgram, "view", ...args], {
    cwd,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  const ended = new Promise<Ended>((resolve) => child.once("close", (code) => resolve({ code, stdout, stderr })));
  onTestFinished(() => killGroup(child.pid!));
  const address = await new Promise<string>((resolve, reject) => {
    const look = (): void => {
      const [found] = /^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\/$/m.exec(stdout + stderr) ?? [];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
      look();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
      look();
    });
    void ended.then(({ code }) =>
      reject(new Error(`ended with ${String(code)} before it printed an address: ${stderr}`)),
    );
  });
  return { address, process: child, ended };
}

/** Whether a process of this group is there. */
export function hasProcess(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

function killGroup(group: number): void {
  if (hasProcess(group)) process.kill(-group, "SIGKILL");
}

/** Opens an address in a browser of its own profile, which must not write an error to its console until the test is over. */
export async function openAddress(browser: Browser, address: string): Promise<Page> {
  const page = await openPage(browser);
  watchErrors(page);
  await page.goto(address);
  return page;
}

/** Fails the test if the page writes an error to its console, a violation of its policy among them. */
function watchErrors(page: Page): void {
  const errors: string[] = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  onTestFinished(async () => {
    await page.context().close();
    expect(errors).toEqual([]);
  });
}

/** Waits until a page shows something; fails with what it shows instead. */
export async function shows(page: Page, selector: string, words: string | RegExp): Promise<void> {
  const element = page.locator(selector).first();
  const text = async (): Promise<string> => (await element.innerText()).replace(/\s+/g, " ");
  await until(
    `${selector} to show ${String(words)}`,
    async () => ((await text()).search(words) >= 0 ? true : undefined),
    text,
  );
}

/** How many pictures of samples a page has at the moment. */
export function loadedPictures(page: Page): Promise<number> {
  return page.evaluate<number>(
    `[...document.querySelectorAll(".samples .picture-frame img")].filter(({ naturalWidth }) => naturalWidth > 0).length`,
  );
}
