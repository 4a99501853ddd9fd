/** The colours and the font of the current theme. */
export interface Palette {
  readonly background: string;
  readonly foreground: string;
  readonly lines: string;
  /** Colours of the shown run's curves, by the loss's index in its chart; they repeat. */
  readonly own: readonly string[];
  /** Colours of the compared runs' curves, by run; they repeat. */
  readonly others: readonly string[];
  /** Whether a high-contrast theme is on: then lines are thicker and the grid has its full colour. */
  readonly strong: boolean;
  readonly font: string;
}

/** How a curve is drawn. */
export interface Stroke {
  readonly colour: string;
  /** The line's width, in CSS pixels. */
  readonly width: number;
  readonly dash: readonly number[];
}

/** Dash patterns by index: curves can be distinguished without colours. */
const dashPatterns: readonly (readonly number[])[] = [[], [6, 4], [2, 3], [10, 3, 2, 3]];

/** Reads the CSS variables of VS Code, which `fallbackTheme.css` sets in a plain browser. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const token = (name: string, otherwise: string): string =>
    style.getPropertyValue(`--vscode-${name}`).trim() || otherwise;
  const foreground = token("charts-foreground", style.color);
  const chart = (name: string): string => token(`charts-${name}`, foreground);
  return {
    background: token("editor-background", "transparent"),
    foreground,
    lines: chart("lines"),
    // `charts-orange` is not used: VS Code derives it from a half transparent colour, which is hard to see in the dark theme.
    own: [chart("blue"), chart("yellow"), chart("green"), chart("purple")],
    others: [chart("green"), chart("purple"), chart("red"), foreground],
    strong:
      document.querySelector(".vscode-high-contrast, .vscode-high-contrast-light") !== null ||
      matchMedia("(prefers-contrast: more), (forced-colors: active)").matches,
    font: style.fontFamily || "sans-serif",
  };
}

/** Whether two palettes are equal. */
export function samePalette(one: Palette, other: Palette): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The line style of a loss. @param run 0 for the shown run, from 1 for compared ones. @param place index of the loss in its chart */
export function strokeOf(palette: Palette, run: number, place: number): Stroke {
  const dash = dashPatterns[place % dashPatterns.length]!;
  if (run === 0) return { colour: palette.own[place % palette.own.length]!, width: palette.strong ? 2.5 : 1.75, dash };
  return { colour: palette.others[(run - 1) % palette.others.length]!, width: palette.strong ? 1.75 : 1, dash };
}
