// `npm run faults`: the fault tests in their long form, which takes about an hour; `npm test` has a short one.
import { build, ensureEngine, ensurePackages, tool } from "./setup.mjs";

ensurePackages();
build();
ensureEngine();
process.env.REVGAN_KILLS ??= "200";
process.env.REVGAN_FUZZ_CASES ??= "20000";
process.env.REVGAN_HUGE_FILE ??= "1e9";
tool("vitest/vitest.mjs", ["run", "--project", "parts", "test/faults", ...process.argv.slice(2)]);
