/** Seconds after which a test that waits for something fails. `REVGAN_TEST_PATIENCE` sets more for slow machines. */
export const patience = Number(process.env.REVGAN_TEST_PATIENCE ?? 30);

/** Seconds to wait for operations that take long even on a fast machine, such as the start of VS Code. */
export const longPatience = 3 * patience;

/** Calls `ask` ten times a second until it returns a value. After `seconds` fails; the message has `what` and the result of `seen`. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  seen?: () => Promise<unknown>,
  seconds = patience,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  let trouble = "";
  while (Date.now() < end) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
      trouble = "";
    } catch (error) {
      // While a page changes, elements disappear, so `ask` may throw; only its last error is reported.
      trouble = String(error);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const instead = seen === undefined ? "" : `; seen: ${JSON.stringify(await seen().catch(String))}`;
  throw new Error(`waited ${seconds} s for ${what}${instead}${trouble === "" ? "" : `; ${trouble}`}`);
}
