import { isFraction, type Measure } from "../../comparison/measures";
import type { Backprop, MemoryMode, TranslationDirection } from "../../protocol/lines";
import type { Domain, SampleKind } from "../../protocol/runFileNames";

type Names = Readonly<Record<Domain, string>>;

/** `tissue → labels`. */
export function directionText(direction: TranslationDirection, { a, b }: Names): string {
  return direction === "AtoB" ? `${a} → ${b}` : `${b} → ${a}`;
}

/** What a picture of a sample or of an evaluation shows. */
export function kindText(kind: SampleKind | "difference", domain: Domain, { a, b }: Names): string {
  const [from, to] = domain === "a" ? [a, b] : [b, a];
  switch (kind) {
    case "input":
      return from;
    case "translated":
      return `to ${to}`;
    case "cycled":
      return `back to ${from}`;
    case "truth":
      return `true ${to}`;
    case "difference":
      return "difference";
  }
}

/** The name of a measure; of those on a scale of 255, or of the files of volumes, what is meant is told beside the table. */
export const measureTexts: Readonly<Record<Measure, string>> = {
  mae: "Error",
  psnr: "PSNR, dB",
  ssim: "SSIM",
  pixelAccuracy: "Pixel accuracy",
  classAccuracy: "Class accuracy",
  classIoU: "Class IoU",
  slicedWasserstein: "Distance",
  cycleMae: "Way back",
};

/** A measure's value: thousandths for fractions of 1, hundredths else. */
export function measureText(measure: Measure, value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : value.toFixed(isFraction(measure) ? 3 : 2);
}

/** A measure with its name, in one line: `PSNR 11.22 dB`. */
export function figureText(measure: Measure, value: number): string {
  const text = `${measureTexts[measure]} ${measureText(measure, value)}`;
  return (measure === "psnr" ? text.replace(", dB", "").concat(" dB") : text).replaceAll(" ", "\u00a0");
}

export const modeTexts: Readonly<Record<MemoryMode, string>> = {
  recompute: "recomputing",
  checkpoint: "with checkpoints",
  store: "storing",
  budget: "within the budget",
} satisfies Readonly<Record<Backprop | "budget", string>>;

export function countText(count: number): string {
  return count.toLocaleString("en");
}

/** Seconds of a step: three significant digits. */
export function stepSecondsText(seconds: number): string {
  return `${Number(seconds.toPrecision(3))} s`;
}

/** `2026-12-01 11:35 UTC`. */
export function timeText(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}
