import { memoryParts, type MemoryPart } from "../../extension/protocol/memoryParts";
import type { StepLine } from "../../extension/protocol/lines";
import { t } from "../ui/text";

/** A part of a step's peak. */
export interface PeakPart {
  readonly part: MemoryPart;
  readonly bytes: number;
  /** The part's share of the peak, from 0 to 1. */
  readonly share: number;
  /** The position in the bar at which the part starts, from 0 to 1. */
  readonly start: number;
}

/** The parts of a peak, in fixed order, without empty ones. */
export function peakParts({ peak, peakByPart }: StepLine["bytes"]): PeakPart[] {
  let before = 0;
  return memoryParts.flatMap((part) => {
    const bytes = peakByPart[part];
    if (bytes === 0 || peak === 0) return [];
    const start = before / peak;
    before += bytes;
    return [{ part, bytes, share: bytes / peak, start }];
  });
}

/** The displayed name of a part. */
export function partLabel(part: MemoryPart): string {
  switch (part) {
    case "weights":
      return t("weights");
    case "moments":
      return t("Adam's moments");
    case "gradients":
      return t("gradients");
    case "encoders":
      return t("encoders");
    case "core":
      return t("reversible core");
    case "decoders":
      return t("decoders");
    case "discriminators":
      return t("discriminators");
    case "images":
      return t("images");
    case "other":
      return t("other");
  }
}
