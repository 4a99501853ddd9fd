/** Prepares what the tests run against. */
export default function setup(): void {
  // Built before the run by `npm test`.
}
