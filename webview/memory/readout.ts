import { t } from "../ui/text";
import { bytesText, differenceText } from "./bytes";
import type { ChartData } from "./chartData";
import { modeLabel, modes, type Backprop } from "./modes";

/** Bytes that were expected and those that came; undefined where one is not known. */
export interface Figures {
  readonly theory: number | undefined;
  readonly measured: number | undefined;
}

/** What is known at one depth. */
export interface DepthFigures {
  readonly depth: number;
  /** Of backpropagation: those that the network has. */
  readonly ways: readonly (Figures & { readonly mode: Backprop })[];
  /** The training, if this is its depth. */
  readonly live: Figures | null;
  readonly resident: number | undefined;
}

/** The depths at which something is known, ascending. */
export function knownDepths({ curves, measured, live }: ChartData): number[] {
  const depths = [...curves.flatMap(({ points }) => points), ...measured, ...(live === null ? [] : [live])].map(
    ({ depth }) => depth,
  );
  return [...new Set(depths)].sort((a, b) => a - b);
}

/** Gathers what the chart shows at a depth. */
export function figuresAt({ curves, measured, live, resident }: ChartData, depth: number): DepthFigures {
  // Without a theory every way may be one of the network's.
  const possible = curves.length === 0 ? modes : modes.filter((mode) => curves.some((curve) => curve.mode === mode));
  const ways = possible.map((mode) => {
    const point = measured.findLast((each) => each.mode === mode && each.depth === depth);
    const theory =
      point?.theory ?? curves.find((curve) => curve.mode === mode)?.points.find((each) => each.depth === depth)?.bytes;
    return { mode, theory, measured: point?.bytes };
  });
  if (live?.depth !== depth) return { depth, ways, live: null, resident: undefined };
  return {
    depth,
    ways,
    live: { theory: ways.find(({ mode }) => mode === live.mode)?.theory, measured: live.bytes },
    resident: resident?.bytes,
  };
}

/** The figures in one sentence, for a screen reader. */
export function spoken({ depth, ways, live }: DepthFigures): string {
  const known = ways
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

/** How far what came is from what was expected; empty where one is not known. */
export function differenceOf({ theory, measured }: Figures): string {
  return theory === undefined || measured === undefined ? "" : differenceText(measured, theory);
}
