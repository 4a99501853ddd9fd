import type { MemoryMode } from "../../extension/protocol/lines";
import { t } from "../ui/text";
import { bytesText, differenceText } from "./bytes";
import type { ChartData } from "./chartData";
import { modeLabel, modes } from "./backpropModes";

/** Bytes by theory and as measured; undefined if unknown. */
export interface Figures {
  readonly theory: number | undefined;
  readonly measured: number | undefined;
}

/** The values at one depth. */
export interface DepthFigures {
  readonly depth: number;
  /** The figures of each backprop mode that the network has. */
  readonly modeFigures: readonly (Figures & { readonly mode: MemoryMode })[];
  /** The figures of the shown training; null if its network has another depth. */
  readonly live: Figures | null;
  readonly resident: number | undefined;
}

/** The depths with at least one value, ascending. */
export function knownDepths({ curves, measured, live }: ChartData): number[] {
  const depths = [...curves.flatMap(({ points }) => points), ...measured, ...(live === null ? [] : [live])].map(
    ({ depth }) => depth,
  );
  return [...new Set(depths)].sort((a, b) => a - b);
}

/** The values of the chart at a depth. */
export function figuresAt({ curves, measured, live, resident, budget }: ChartData, depth: number): DepthFigures {
  // Curves come with the theory. Without them all modes are listed, `budget` only if the configuration has a budget.
  const withoutTheory = budget === null ? modes.filter((mode) => mode !== "budget") : modes;
  const possible =
    curves.length === 0 ? withoutTheory : modes.filter((mode) => curves.some((curve) => curve.mode === mode));
  const modeFigures = possible.map((mode) => {
    const point = measured.findLast((each) => each.mode === mode && each.depth === depth);
    const theory =
      point?.theory ?? curves.find((curve) => curve.mode === mode)?.points.find((each) => each.depth === depth)?.bytes;
    return { mode, theory, measured: point?.bytes };
  });
  if (live?.depth !== depth) return { depth, modeFigures, live: null, resident: undefined };
  return {
    depth,
    modeFigures,
    live: { theory: modeFigures.find(({ mode }) => mode === live.mode)?.theory, measured: live.bytes },
    resident: resident?.bytes,
  };
}

/** The values in one sentence, for screen readers. */
export function figuresSentence({ depth, modeFigures, live }: DepthFigures): string {
  const known = modeFigures
    .filter(({ theory, measured }) => theory !== undefined || measured !== undefined)
    .map(({ mode, ...figures }) => `${modeLabel(mode)} ${figuresText(figures)}`);
  return [
    t("{0} blocks", depth),
    ...known,
    ...(live === null ? [] : [`${t("this training")} ${figuresText(live)}`]),
  ].join("; ");
}

function figuresText(figures: Figures): string {
  const { theory, measured } = figures;
  const words = [
    theory === undefined ? "" : t("{0} by theory", bytesText(theory)),
    measured === undefined ? "" : t("{0} measured", bytesText(measured)),
    differenceOf(figures),
  ];
  return words.filter((word) => word !== "").join(", ");
}

/** The relative difference of measurement and theory; empty if either is unknown. */
export function differenceOf({ theory, measured }: Figures): string {
  return theory === undefined || measured === undefined ? "" : differenceText(measured, theory);
}
