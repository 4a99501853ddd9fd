import { defineConfig } from "vitest/config";

// Each file gets a process of its own: an engine's threads and tensors never meet another file's.
const common = { pool: "forks", testTimeout: 120_000, hookTimeout: 120_000 } as const;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...common,
          name: "parts",
          include: ["test/**/*.test.ts"],
          exclude: ["test/bench/**", "test/vscode/**", "node_modules/**"],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...common,
          name: "vscode",
          include: ["test/vscode/**/*.test.ts"],
          // A window, its host, a browser and a trainer are enough for a small machine.
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
