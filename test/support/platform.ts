import { afterEach, beforeEach } from "vitest";

/** The tests of the block run as on that system: of Node only what its functions themselves know of the system stays. */
export function onPlatform(platform: NodeJS.Platform): void {
  const own = Object.getOwnPropertyDescriptor(process, "platform")!;
  beforeEach(() => void Object.defineProperty(process, "platform", { ...own, value: platform }));
  afterEach(() => void Object.defineProperty(process, "platform", own));
}
