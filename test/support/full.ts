/** Whether this is `npm run test:full`, which runs longer and with more cases than `npm test`. */
export const isFull = process.env["REVGAN_TEST_FULL"] === "1";

/** A value that depends on the test run: `short` in `npm test`, `long` in `npm run test:full`. */
export function extent<T>(short: T, long: T): T {
  return isFull ? long : short;
}
