import type { StepLine } from "../../extension/protocol/lines";
import { memoryParts, type MemoryPart } from "../../extension/protocol/memoryParts";
import { t } from "../ui/text";
import { bytesText, exactBytes, percentText } from "./bytes";
import { partLabel, peakParts } from "./peakParts";
import "./parts.css";
import { s } from "../ui/svg";

/** Patterns over the colours, so that parts can be distinguished without colour. */
const patterns: Readonly<Record<MemoryPart, "plain" | "stripes" | "dots" | "lines">> = {
  weights: "plain",
  moments: "stripes",
  gradients: "dots",
  encoders: "plain",
  core: "plain",
  decoders: "stripes",
  discriminators: "plain",
  images: "lines",
  other: "dots",
};

let bars = 0;

/** A bar of a step's peak, split into its parts, with an accessible label. */
export class PartsBar {
  private readonly id = `memory-parts-${++bars}`;
  private readonly segments = s("g");
  readonly svg = s(
    "svg",
    { class: "parts-bar", role: "img" },
    s("defs", {}, ...memoryParts.map((part) => this.pattern(part))),
    this.segments,
  );

  show(bytes: StepLine["bytes"]): void {
    const shown = peakParts(bytes);
    const percent = (share: number): string => `${(share * 100).toFixed(3)}%`;
    this.segments.replaceChildren(
      ...shown.map(({ part, bytes: own, share, start }) =>
        s(
          "rect",
          {
            class: "parts-segment",
            x: percent(start),
            width: percent(share),
            y: 0,
            height: "100%",
            fill: `url(#${this.id}-${part})`,
            "data-part": part,
            "data-bytes": own,
          },
          s("title", {}, `${partLabel(part)}: ${exactBytes(own)}`),
        ),
      ),
    );
    this.svg.setAttribute(
      "aria-label",
      t(
        "Peak of {0}: {1}",
        bytesText(bytes.peak),
        shown.map(({ part, share }) => `${partLabel(part)} ${percentText(share)}`).join(", "),
      ),
    );
  }

  /** A small square with a part's colour and pattern, for a legend. */
  swatch(part: MemoryPart): SVGElement {
    return s(
      "svg",
      { class: "parts-swatch", "aria-hidden": "true" },
      s("rect", { width: "100%", height: "100%", fill: `url(#${this.id}-${part})` }),
    );
  }

  private pattern(part: MemoryPart): SVGElement {
    const ground = s("rect", { width: 6, height: 6, fill: "currentColor" });
    const over = { class: "parts-pattern" };
    const drawn = {
      plain: () => [],
      stripes: () => [s("path", { ...over, d: "M-1.5,1.5L1.5,-1.5M0,6L6,0M4.5,7.5L7.5,4.5" })],
      dots: () => [s("circle", { ...over, cx: 3, cy: 3, r: 0.9 })],
      lines: () => [s("path", { ...over, d: "M0,3H6" })],
    }[patterns[part]]();
    return s(
      "pattern",
      { id: `${this.id}-${part}`, class: `part-${part}`, width: 6, height: 6, patternUnits: "userSpaceOnUse" },
      ground,
      ...drawn,
    );
  }
}
