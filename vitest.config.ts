import { defineConfig, type ViteUserConfig } from "vitest/config";
import { type Need, testFiles } from "./test/support/needs";

export default defineConfig(async () => {
  const files = await testFiles();
  const of = (belongs: (file: string, needs: ReadonlySet<Need>) => boolean): string[] =>
    [...files].filter(([file, needs]) => belongs(file, needs)).map(([file]) => file);
  const isUnit = (file: string, needs: ReadonlySet<Need>): boolean => file.startsWith("test/unit/") && needs.size === 0;
  const isPage = (file: string): boolean => file.startsWith("test/webview/");
  return {
    test: {
      testTimeout: 120_000,
      hookTimeout: 120_000,
      projects: [
        {
          // Needs neither engine, programs nor browser: `npm run check` and `npm run watch` run these alone.
          extends: true,
          // To start a process for each file would take as long as the tests.
          test: {
            name: "unit",
            include: of(isUnit),
            pool: "threads",
            isolate: false,
            sequence: { groupOrder: 0 },
          },
        },
        {
          // Each file gets a process of its own: an engine's threads and tensors never meet another file's.
          extends: true,
          test: {
            name: "parts",
            include: of((file, needs) => !isUnit(file, needs) && !isPage(file) && !needs.has("vscode")),
            pool: "forks",
            maxWorkers: 2,
            sequence: { groupOrder: 1 },
          },
        },
        {
          // Two processes, a browser each: to load what draws and serves the pages takes as long as many of the tests.
          extends: true,
          test: {
            name: "pages",
            include: of(isPage),
            pool: "forks",
            isolate: false,
            maxWorkers: 2,
            sequence: { groupOrder: 2 },
          },
        },
        {
          // While one window waits, another works.
          extends: true,
          test: {
            name: "vscode",
            include: of((_, needs) => needs.has("vscode")),
            pool: "forks",
            maxWorkers: 2,
            sequence: { groupOrder: 3 },
          },
        },
      ],
    },
  } satisfies ViteUserConfig;
});
