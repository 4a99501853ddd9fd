import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Trouble, Watchdog } from "../../../extension/host/watchdog";

const minute = 60_000;
let time: number;
let watchdog: Watchdog;
let reported: Trouble[];

beforeEach(() => {
  time = 1_000_000;
  reported = [];
  watchdog = new Watchdog({ now: () => time, onTrouble: (trouble) => reported.push(trouble) });
});

afterEach(() => watchdog.stop());

/** Time that passes while the heart beats every second. */
function beatFor(milliseconds: number): void {
  for (const end = time + milliseconds; time < end;) {
    time += 1000;
    watchdog.heartbeat();
  }
}

describe("a trainer's heart", () => {
  it("may miss some beats and is silent after that", () => {
    beatFor(minute);
    time += 15_000;
    expect(watchdog.trouble).toBeNull();
    time += 1;
    expect(watchdog.trouble).toBe("silent");
    watchdog.heartbeat();
    expect(watchdog.trouble).toBeNull();
  });

  it("that never beats is silent, too", () => {
    time += 15_001;
    expect(watchdog.trouble).toBe("silent");
  });

  it("that beats says nothing of a start that takes long: no step was seen yet", () => {
    beatFor(60 * minute);
    expect(watchdog.trouble).toBeNull();
  });

  it("beats while the steps do not come: stuck, but not before two minutes", () => {
    watchdog.stepDone(0.1);
    beatFor(2 * minute);
    expect(watchdog.trouble).toBeNull();
    beatFor(1000);
    expect(watchdog.trouble).toBe("stuck");
    watchdog.stepDone(120);
    expect(watchdog.trouble).toBeNull();
  });

  it("beats through slow steps: ten times the longest seen is waited for", () => {
    watchdog.stepDone(60);
    watchdog.stepDone(1);
    beatFor(10 * minute);
    expect(watchdog.trouble).toBeNull();
    beatFor(1000);
    expect(watchdog.trouble).toBe("stuck");
  });

  it("beats in a pause, and while the user wants to wait, without trouble", () => {
    watchdog.stepDone(0.1);
    watchdog.suspend();
    beatFor(60 * minute);
    expect(watchdog.trouble).toBeNull();
    time += 20_000;
    expect(watchdog.trouble).toBe("silent");
    watchdog.suspend();
    expect(watchdog.trouble).toBeNull();
  });
});
