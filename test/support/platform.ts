import { afterEach, beforeEach } from "vitest";

/** Sets `process.platform` for the tests of the surrounding block. Node's own functions still behave as on the real system. */
export function onPlatform(platform: NodeJS.Platform): void {
  const own = Object.getOwnPropertyDescriptor(process, "platform")!;
  beforeEach(() => void Object.defineProperty(process, "platform", { ...own, value: platform }));
  afterEach(() => void Object.defineProperty(process, "platform", own));
}
