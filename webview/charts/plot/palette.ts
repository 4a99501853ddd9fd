/** The colours and strokes of the present theme: read anew for each drawing, since the theme may change at any time. */
export interface Palette {
  readonly background: string;
  readonly foreground: string;
  readonly lines: string;
  /** Of the shown run, by place in the chart. */
  readonly own: readonly string[];
  /** Of the runs laid over it. */
  readonly others: readonly string[];
  /** Themes that promise strong contrasts get thicker lines and no faint ones. */
  readonly strong: boolean;
  readonly font: string;
}

/** How a curve is drawn. */
export interface Stroke {
  readonly colour: string;
  /** In CSS pixels. */
  readonly width: number;
  readonly dash: readonly number[];
}

/** Patterns by place: the curves of a chart can be told apart without their colours. */
const dashes: readonly (readonly number[])[] = [[], [6, 4], [2, 3], [10, 3, 2, 3]];

/** Reads the tokens that VS Code sets, or whoever shows the page in its stead. */
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
    // Not orange: VS Code makes it of a highlight that is half transparent, and it drowns in the dark theme.
    own: [chart("blue"), chart("yellow"), chart("green"), chart("purple")],
    others: [chart("green"), chart("purple"), chart("red"), foreground],
    strong:
      document.querySelector(".vscode-high-contrast, .vscode-high-contrast-light") !== null ||
      matchMedia("(prefers-contrast: more), (forced-colors: active)").matches,
    font: style.fontFamily || "sans-serif",
  };
}

/** Whether two palettes draw the same. */
export function samePalette(one: Palette, other: Palette): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** @param run 0 for the shown run, from 1 on for those laid over it */
export function strokeOf(palette: Palette, run: number, place: number): Stroke {
  const dash = dashes[place % dashes.length]!;
  if (run === 0) return { colour: palette.own[place % palette.own.length]!, width: palette.strong ? 2.5 : 1.75, dash };
  return { colour: palette.others[(run - 1) % palette.others.length]!, width: palette.strong ? 1.75 : 1, dash };
}
