// Chromium calls the language of the POSIX locale "en-US@posix", which Intl refuses. uPlot asks Intl for it while it loads, and would
// take the whole page with it; so this file is imported before uPlot.
const known = navigator.language.split("@")[0]!;
if (known !== navigator.language) Object.defineProperty(navigator, "language", { value: known });
