// In the POSIX locale Chromium's navigator.language is "en-US@posix", for which Intl throws a RangeError. uPlot calls Intl with it while
// it loads, which would break the whole page, so this file must be imported before uPlot.
const languageWithoutModifier = navigator.language.split("@")[0]!;
if (languageWithoutModifier !== navigator.language)
  Object.defineProperty(navigator, "language", { value: languageWithoutModifier });
