import { beforeEach, describe, expect, it } from "vitest";
import { HeartMonitor } from "../../../extension/host/watchdog";

const minute = 60_000;
let time: number;
let heart: HeartMonitor;

beforeEach(() => {
  time = 1_000_000;
  heart = new HeartMonitor(() => time);
});

/** Time that passes while the heart beats every second. */
function beatFor(milliseconds: number): void {
  for (const end = time + milliseconds; time < end;) {
    time += 1000;
    heart.beat();
  }
}

describe("a trainer's heart", () => {
  it("may miss some beats and is silent after that", () => {
    beatFor(minute);
    time += 15_000;
    expect(heart.trouble).toBeNull();
    time += 1;
    expect(heart.trouble).toBe("silent");
    heart.beat();
    expect(heart.trouble).toBeNull();
  });

  it("that never beats is silent, too", () => {
    time += 15_001;
    expect(heart.trouble).toBe("silent");
  });

  it("that beats says nothing of a start that takes long: no step was seen yet", () => {
    beatFor(60 * minute);
    expect(heart.trouble).toBeNull();
  });

  it("beats while the steps do not come: stuck, but not before two minutes", () => {
    heart.step(0.1);
    beatFor(2 * minute);
    expect(heart.trouble).toBeNull();
    beatFor(1000);
    expect(heart.trouble).toBe("stuck");
    heart.step(120);
    expect(heart.trouble).toBeNull();
  });

  it("beats through slow steps: ten times the longest seen is waited for", () => {
    heart.step(60);
    heart.step(1);
    beatFor(10 * minute);
    expect(heart.trouble).toBeNull();
    beatFor(1000);
    expect(heart.trouble).toBe("stuck");
  });

  it("beats in a pause, and while the user wants to wait, without trouble", () => {
    heart.step(0.1);
    heart.rest();
    beatFor(60 * minute);
    expect(heart.trouble).toBeNull();
    time += 20_000;
    expect(heart.trouble).toBe("silent");
    heart.rest();
    expect(heart.trouble).toBeNull();
  });
});
