/** Whether this is `npm run test:full`, which shows at length what `npm test` shows in short. */
export const isFull = process.env["REVGAN_TEST_FULL"] === "1";

/** How far a test goes: `short` in `npm test`, `long` in `npm run test:full`. */
export function extent<T>(short: T, long: T): T {
  return isFull ? long : short;
}
