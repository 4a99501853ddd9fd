import { t } from "../ui/text";

/** The page's language; English without a document, as in unit tests. */
const language = (): string => (typeof document === "undefined" ? "" : document.documentElement.lang) || "en";

/** Byte units, each 1000 times the one before: 1 MB is 10⁶ bytes. */
const units = [
  (n: string) => t("{0} B", n),
  (n: string) => t("{0} kB", n),
  (n: string) => t("{0} MB", n),
  (n: string) => t("{0} GB", n),
  (n: string) => t("{0} TB", n),
];

/** Formats bytes in the largest fitting unit with three significant digits: "351 MB". */
export function bytesText(bytes: number): string {
  const rounded = Number(bytes.toPrecision(3));
  const unit = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, Math.abs(rounded))) / 3)));
  return units[unit]!(
    new Intl.NumberFormat(language(), { maximumSignificantDigits: 3 }).format(rounded / 1000 ** unit),
  );
}

/** The text for an exact number of bytes: "1,048,576 bytes". */
export function exactBytes(bytes: number): string {
  return t("{0} bytes", new Intl.NumberFormat(language()).format(bytes));
}

/** Formats a share as per cent with one decimal. @param share from 0 to 1 */
export function percentText(share: number): string {
  return new Intl.NumberFormat(language(), {
    style: "percent",
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }).format(share);
}

/** The relative difference as text: "+0.3%". Exact equality and differences below 0.05% have texts of their own. */
export function differenceText(measured: number, expected: number): string {
  if (measured === expected) return t("equal");
  if (expected === 0) return t("not expected");
  const share = (measured - expected) / expected;
  if (Math.abs(share) < 0.0005) return t("under 0.1%");
  return new Intl.NumberFormat(language(), {
    style: "percent",
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
    signDisplay: "always",
  }).format(share);
}
