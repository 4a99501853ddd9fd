import { t } from "../../ui/text";

const formats = new Map<string, Intl.NumberFormat>();

/** Making one takes longer than many uses. */
function format(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  // Files are made, and tested, without a page too.
  const language = typeof document === "undefined" ? "en" : document.documentElement.lang || undefined;
  const key = JSON.stringify([language, options]);
  let known = formats.get(key);
  if (known === undefined) {
    known = new Intl.NumberFormat(language, options);
    formats.set(key, known);
  }
  return known;
}

/** A loss for people: four digits that count; very small and very large ones with a power of ten. */
export function lossText(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return t("none");
  const size = Math.abs(value);
  const notation = size !== 0 && (size < 1e-4 || size >= 1e6) ? "scientific" : "standard";
  return format({ maximumSignificantDigits: 4, minimumSignificantDigits: size === 0 ? 1 : 4, notation }).format(value);
}

/** A number at an axis: as few digits as tell it from its neighbours. */
export function tickText(value: number): string {
  const size = Math.abs(value);
  const notation = size !== 0 && (size < 1e-3 || size >= 1e7) ? "scientific" : "standard";
  return format({ maximumSignificantDigits: 6, notation }).format(value);
}

/** A step, with its thousands apart. */
export function stepText(step: number): string {
  return format({ maximumFractionDigits: 0 }).format(step);
}
