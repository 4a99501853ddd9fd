import { isFraction, type Measure } from "../../comparison/measures";
import type { BackpropMode, MemoryMode, TranslationDirection } from "../../protocol/lines";
import type { Domain, SampleKind } from "../../protocol/runFileNames";

type Names = Readonly<Record<Domain, string>>;

/** A direction as text: `tissue → labels`. */
export function directionText(direction: TranslationDirection, { a, b }: Names): string {
  return direction === "AtoB" ? `${a} → ${b}` : `${b} → ${a}`;
}

/** The caption of a picture in a sample or an evaluation. */
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

/** The names of measures. The scale of errors (255, or the units of a volume's file) is stated beside the table. */
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

/** A measure's value: three digits after the point for fractions of 1, else two. */
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
} satisfies Readonly<Record<BackpropMode | "budget", string>>;

export function countText(count: number): string {
  return count.toLocaleString("en");
}

/** Seconds of a step, with three significant digits. */
export function stepSecondsText(seconds: number): string {
  return `${Number(seconds.toPrecision(3))} s`;
}

/** A time as text: `2026-12-01 11:35 UTC`. */
export function timeText(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}
