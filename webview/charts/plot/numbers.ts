import { t } from "../../ui/text";

const formats = new Map<string, Intl.NumberFormat>();

/** The number format for these options. Formats are cached, because constructing one is far slower than using it. */
function format(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  // In unit tests there is no document; they use English.
  const language = typeof document === "undefined" ? "en" : document.documentElement.lang || undefined;
  const key = JSON.stringify([language, options]);
  let known = formats.get(key);
  if (known === undefined) {
    known = new Intl.NumberFormat(language, options);
    formats.set(key, known);
  }
  return known;
}

/** Formats a loss: four significant digits, scientific notation for very small and very large ones. */
export function lossText(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return t("none");
  const size = Math.abs(value);
  const notation = size !== 0 && (size < 1e-4 || size >= 1e6) ? "scientific" : "standard";
  return format({ maximumSignificantDigits: 4, minimumSignificantDigits: size === 0 ? 1 : 4, notation }).format(value);
}

/** Formats the label of an axis tick. */
export function tickText(value: number): string {
  const size = Math.abs(value);
  const notation = size !== 0 && (size < 1e-3 || size >= 1e7) ? "scientific" : "standard";
  return format({ maximumSignificantDigits: 6, notation }).format(value);
}

/** Formats a step, with thousands separators. */
export function stepText(step: number): string {
  return format({ maximumFractionDigits: 0 }).format(step);
}
