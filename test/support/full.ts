/** Whether the tests run at length, as `npm run test:full` has them. */
export const full = process.env.REVGAN_TEST_FULL === "1";
