import { expect, test } from "vitest";
import { bytesText, differenceText, exactBytes, percentText } from "../../../../webview/memory/bytes";

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1 kB"],
  [98_304, "98.3 kB"],
  [350_600_000, "351 MB"],
  [999_499_999, "999 MB"],
  [999_500_000, "1 GB"],
  [1_234_567_890, "1.23 GB"],
  [2e15, "2,000 TB"],
])("%i bytes are %s", (bytes, text) => {
  expect(bytesText(bytes)).toBe(text);
});

test("exact bytes keep every digit", () => {
  expect(exactBytes(1_234_567_890)).toBe("1,234,567,890 bytes");
});

test("a share has one decimal", () => {
  expect([percentText(0.12), percentText(0.3456), percentText(1)]).toEqual(["12.0%", "34.6%", "100.0%"]);
});

test.each([
  [100, 100, "equal"],
  [101.3, 100, "+1.3%"],
  [87.5, 100, "-12.5%"],
  [1_000_000_001, 1_000_000_000, "under 0.1%"],
  [999_999_999, 1_000_000_000, "under 0.1%"],
  [5, 0, "not expected"],
])("%d where %d was expected differs by: %s", (measured, expected, text) => {
  expect(differenceText(measured, expected)).toBe(text);
});
