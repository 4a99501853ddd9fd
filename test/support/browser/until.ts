/** Seconds that a test waits for something to appear before it says what was missing; a slow machine may set `REVGAN_TEST_PATIENCE`. */
export const patience = Number(process.env.REVGAN_TEST_PATIENCE ?? 30);

/** Seconds for what takes long even on a fast machine: starting VS Code. */
export const longPatience = 3 * patience;

/** Asks again and again until there is an answer, and fails with what was waited for and what was seen instead. */
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
      // Elements come and go while a page changes; only the last failure counts.
      trouble = String(error);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const instead = seen === undefined ? "" : `; seen: ${JSON.stringify(await seen().catch(String))}`;
  throw new Error(`waited ${seconds} s for ${what}${instead}${trouble === "" ? "" : `; ${trouble}`}`);
}
