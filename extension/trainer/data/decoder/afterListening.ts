/** How often is looked whether the process can hear: this often in the time that is waited. */
const looks = 20;

/**
 * Calls `late` after so many seconds in which this process could have heard an answer. A training computes for seconds, deep ones
 * for minutes, without a turn of the event loop: what came meanwhile is not late.
 *
 * @returns ends the wait
 */
export function afterListening(seconds: number, late: () => void): () => void {
  const interval = (seconds * 1000) / looks;
  let heard = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    if (now - last < 2 * interval) heard++;
    last = now;
    if (heard < looks) return;
    clearInterval(timer);
    late();
  }, interval);
  return () => clearInterval(timer);
}
