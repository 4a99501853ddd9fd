import type { Cost, Figure } from "../../extension/comparison/figures";
import type { DifferingSetting } from "../../extension/comparison/settings";
import { tickText } from "../charts/plot/numbers";
import { type Extent, linearTicks, withMargin } from "../../extension/charts/ticks";
import { costTick, costTitle, settingText } from "./comparisonText";

/** A labelled position on an axis. */
export interface Tick {
  /** The tick's position, from 0 at the beginning of the axis to 1 at its end. */
  readonly place: number;
  readonly text: string;
}

/** An axis: the position of each value, and which values are labelled. */
export interface Scale<T> {
  /** The title of the axis; empty where the chart's own title names the figure. */
  readonly title: string;
  /** The position of a value, from 0 at the beginning of the axis to 1 at its end. */
  place(value: T): number;
  /** @param length length of the axis in CSS pixels. @param distance smallest distance of two ticks in CSS pixels */
  ticks(length: number, distance: number): readonly Tick[];
}

/** A linear axis for a cost. It begins at 0, so that positions are proportional to costs. */
export function costScale(cost: Cost, values: readonly number[], title = costTitle(cost)): Scale<number> {
  const max = 1.1 * Math.max(0, ...values) || 1;
  return linearScale(title, { min: 0, max }, (value) => costTick(cost, value));
}

/** The y axis of a chart, for its figure: a cost from 0, a quality over the range of its values. */
export function figureScale(figure: Figure, values: readonly number[]): Scale<number> {
  if (typeof figure === "string") return costScale(figure, values, "");
  const extent = withMargin({ min: Math.min(...values), max: Math.max(...values) }, false);
  return linearScale("", extent, tickText);
}

function linearScale(title: string, extent: Extent, text: (value: number) => string): Scale<number> {
  const place = (value: number): number => (value - extent.min) / (extent.max - extent.min);
  return {
    title,
    place,
    ticks: (length, distance) =>
      linearTicks(extent, length / distance).map((value) => ({ place: place(value), text: text(value) })),
  };
}

/** Share of the axis that is left free at either end of an axis of numbers. */
const endShare = 0.06;

/** Numbers are placed by their logarithms if the largest is at least this many times the smallest. */
const logRatio = 100;

/** An axis for a setting: numbers by size, other values side by side at equal distances. Its ticks are the setting's values. */
export function settingScale(setting: DifferingSetting): Scale<unknown> {
  const { name: title, isNumeric, values } = setting;
  const place = isNumeric ? numericPlaces(values as readonly number[]) : sideBySide(setting);
  const ticks = values.map((value): Tick => ({ place: place(value), text: settingText(setting, value) }));
  return { title, place, ticks: (length) => (isNumeric ? apart(ticks, length) : cut(ticks, length)) };
}

function numericPlaces(values: readonly number[]): (value: unknown) => number {
  const [min, max] = [values[0]!, values.at(-1)!];
  const isLog = min > 0 && max / min >= logRatio;
  const [low, high] = isLog ? [Math.log(min), Math.log(max)] : [min, max];
  return (value) => {
    const at = isLog ? Math.log(value as number) : (value as number);
    return endShare + (1 - 2 * endShare) * ((at - low) / (high - low));
  };
}

function sideBySide({ values }: DifferingSetting): (value: unknown) => number {
  const texts = values.map((value) => JSON.stringify(value));
  return (value) => (texts.indexOf(JSON.stringify(value)) + 0.5) / texts.length;
}

/** About the width of a character of a label, in CSS pixels. */
export const characterWidth = 6.6;

/** All ticks, with each text cut to the tick's equal share of the axis. @param length of the axis, in CSS pixels */
function cut(ticks: readonly Tick[], length: number): Tick[] {
  const most = Math.max(2, Math.floor(length / ticks.length / characterWidth) - 1);
  return ticks.map(({ place, text }) => ({ place, text: text.length > most ? `${text.slice(0, most - 1)}…` : text }));
}

/** The ticks from left to right, without those whose text would touch the one before. @param length of the axis, in CSS pixels */
function apart(ticks: readonly Tick[], length: number): Tick[] {
  const kept: Tick[] = [];
  let free = -Infinity;
  for (const tick of ticks) {
    const [middle, half] = [tick.place * length, (tick.text.length * characterWidth) / 2];
    if (middle - half < free) continue;
    kept.push(tick);
    free = middle + half + 8;
  }
  return kept;
}
