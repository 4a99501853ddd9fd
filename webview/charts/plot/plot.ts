import "./posixLocale";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { Dots } from "./dots";
import { tickText } from "./numbers";
import type { Palette } from "./palette";
import { paintLines, sceneOf, type Scene, type SceneCurve } from "./scene";
import { linearTicks, logTicks, type Extent } from "../../../extension/charts/ticks";

/** Callbacks for what the user does with the pointer on a plot. */
export interface PlotEvents {
  /** The pointer has moved. @param step below the pointer; null when the pointer has left the plot */
  hover(step: number | null): void;
  /** @returns the existing step that is nearest to `step` */
  snap(step: number): number;
  select(range: Extent): void;
  reset(): void;
  /** The user drags with Shift. @param part the movement as a share of the visible range's width; below 0 towards earlier steps */
  pan(part: number): void;
}

const height = 132;

/** A plot of curves over steps: uPlot draws axes, grid, cursor and selection; the curves are painted from a {@link Scene}. */
export class Plot {
  private readonly chart: uPlot;
  private readonly dots: Dots;
  private shown: Scene = sceneOf([], { min: 0, max: 1 }, 1, false);
  private cursor: number | null = null;

  constructor(
    element: HTMLElement,
    width: number,
    readonly log: boolean,
    private readonly palette: Palette,
    private readonly events: PlotEvents,
  ) {
    this.chart = new uPlot(this.options(width), [[0, 1]], element);
    this.dots = new Dots(this.chart.over);
  }

  /** The scene that was drawn last. */
  get scene(): Scene {
    return this.shown;
  }

  get canvas(): HTMLCanvasElement {
    return this.chart.ctx.canvas;
  }

  /** Draws curves over a range of steps. */
  draw(curves: readonly SceneCurve[], x: Extent): void {
    this.shown = sceneOf(curves, x, Math.max(1, Math.round(this.chart.bbox.width)), this.log);
    // uPlot draws only axes and cursor, no series, so its data are just the ends of the range.
    this.chart.batch(() => {
      this.chart.setData([[x.min, x.max]], false);
      this.chart.setScale("x", { ...x });
    });
    this.point(this.cursor);
  }

  /** Moves the cursor to a step; null hides it. */
  point(step: number | null): void {
    this.cursor = step;
    const { min, max } = this.shown.x;
    const left = step === null || step < min || step > max ? -10 : this.chart.valToPos(step, "x");
    if (this.chart.cursor.left !== left) this.chart.setCursor({ left, top: left < 0 ? -10 : 0 }, false);
    this.dots.show(this.shown, step);
  }

  /** The step at a horizontal position of the window, in CSS pixels. */
  stepAt(clientX: number): number {
    return this.chart.posToVal(clientX - this.chart.over.getBoundingClientRect().left, "x");
  }

  resize(width: number): void {
    if (width !== this.chart.width) this.chart.setSize({ width, height });
  }

  dispose(): void {
    this.chart.destroy();
  }

  private options(width: number): uPlot.Options {
    const { palette } = this;
    const font = `11px ${palette.font}`;
    // The grid is fainter than the curves, except with high contrast.
    const grid = {
      stroke: palette.strong ? palette.lines : `color-mix(in srgb, ${palette.lines} 35%, transparent)`,
      width: 1,
    };
    const axis = { stroke: palette.foreground, font, ticks: { show: false }, border: { show: true, ...grid } };
    const values = (_: uPlot, splits: number[]): string[] => splits.map(tickText);
    return {
      width,
      height,
      padding: [8, 24, 0, 0],
      legend: { show: false },
      series: [{}],
      scales: {
        x: { time: false, range: () => [this.shown.x.min, this.shown.x.max] },
        // uPlot.Scale.Distr is a const enum, which isolatedModules cannot import: 1 is linear, 3 logarithmic.
        // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
        y: { distr: this.log ? 3 : 1, range: () => [this.shown.y.min, this.shown.y.max] },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          size: 24,
          gap: 4,
          splits: (u) => linearTicks(this.shown.x, u.width / 65, 1),
          values,
        },
        {
          ...axis,
          scale: "y",
          grid,
          gap: 4,
          size: (u, shownValues) => Math.max(36, 10 + widestTextWidth(u.ctx, font, shownValues)),
          splits: () => (this.log ? logTicks(this.shown.y, 5) : linearTicks(this.shown.y, 5)),
          values,
          filter: (_, splits) => splits,
        },
      ],
      cursor: {
        y: false,
        points: { show: false },
        drag: { x: true, y: false, setScale: false },
        move: (u, left, top) => [left < 0 ? left : u.valToPos(this.events.snap(u.posToVal(left, "x")), "x"), top],
        bind: {
          dblclick: () => () => {
            this.events.reset();
            return null;
          },
          mousedown: (u, _, select) => (event) => {
            if (!event.shiftKey) return select(event);
            this.drag(u, event);
            return null;
          },
        },
      },
      hooks: {
        draw: [(u) => paintLines(u.ctx, this.shown, u.bbox, uPlot.pxRatio, palette.strong)],
        setCursor: [(u) => this.hovered(u.cursor.left ?? -1)],
        setSelect: [(u) => this.selected(u)],
      },
    };
  }

  private hovered(left: number): void {
    this.cursor = left < 0 ? null : this.events.snap(this.chart.posToVal(left, "x"));
    this.events.hover(this.cursor);
  }

  private selected(u: uPlot): void {
    const { left, width } = u.select;
    if (width < 3) return;
    const range = { min: u.posToVal(left, "x"), max: u.posToVal(left + width, "x") };
    u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.events.select(range);
  }

  private drag(u: uPlot, start: MouseEvent): void {
    let at = start.clientX;
    const move = (event: MouseEvent): void => {
      this.events.pan((at - event.clientX) / u.over.clientWidth);
      at = event.clientX;
    };
    const end = (): void => {
      document.removeEventListener("mousemove", move);
      document.removeEventListener("mouseup", end);
    };
    document.addEventListener("mousemove", move);
    document.addEventListener("mouseup", end);
  }
}

function widestTextWidth(context: CanvasRenderingContext2D, font: string, texts: readonly string[] | null): number {
  context.save();
  context.font = font;
  const width = Math.max(0, ...(texts ?? []).map((text) => context.measureText(text).width));
  context.restore();
  return width;
}
