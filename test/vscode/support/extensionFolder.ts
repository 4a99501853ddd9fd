import { join } from "node:path";

/** The extension as a checkout has it, with what `npm run build` made. */
export const extensionFolder = join(import.meta.dirname, "..", "..", "..");
