import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

// Each file gets a process of its own: an engine's threads and tensors never meet another file's.
const common = { pool: "forks", testTimeout: 120_000, hookTimeout: 120_000 } as const;

/** Files that take minutes, the longest first: one that begins last keeps one processor waiting for the other. */
const longest = [
  "unit/training/reconstruction",
  "unit/nn/reversibleCore",
  "faults/diskFull",
  "parity/parity",
  "commandLine/resume",
  "faults/dataGone",
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = longest.findIndex((name) => moduleId.endsWith(`${name}.test.ts`));
      return at < 0 ? longest.length : at;
    };
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}

const full = process.env.REVGAN_TEST_FULL === "1";

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...common,
          name: "parts",
          include: ["test/**/*.test.ts"],
          exclude: ["test/bench/**", "test/vscode/**", "node_modules/**", ...(full ? [] : ["test/**/*.full.test.ts"])],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...common,
          name: "vscode",
          include: ["test/vscode/**/*.test.ts"],
          exclude: full ? [] : ["test/**/*.full.test.ts"],
          // While one window waits, another works.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
